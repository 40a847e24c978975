#include "tests/unit/drivers/fake_rtl8139.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace {

std::string hex(std::uint32_t value) {
    char text[16];
    std::snprintf(text, sizeof text, "%x", value);
    return text;
}

}  // namespace

FakeRtl8139::FakeRtl8139() : FakePciDevice(0x10ec, 0x8139) {
    add_io_window(0, 0xc000, 0x100);
    add_memory_window(1, 0xfebf0000, 0x100, Width::Bits32);
    reset();
    resets = 0;
    interrupt_mask_ = 0xffff;  // as another driver may have left it
}

void FakeRtl8139::reset() {
    station = kMac;  // real chips keep it, QEMU's does not
    command_ = 0;
    interrupt_mask_ = interrupts_ = written_ = 0;
    capr_ = 0xfff0;
    receive_ = transmit_ = ring_ = 0;
    status_.fill(0x2000);
    places_.fill(0);
    next_ = 0;
    sending_.clear();
    stuck_ = told_ = false;
    ++resets;
}

void FakeRtl8139::set_link(bool up, unsigned megabits, bool full) {
    up_ = up;
    megabits_ = megabits;
    full_ = full;
}

void FakeRtl8139::leave_running() {
    command_ = 0x0c;
    interrupt_mask_ = 0x807f;
}

std::uint32_t FakeRtl8139::read_window(unsigned bar, std::uint32_t at, unsigned size) {
    if (dead) return 0xffffffff;
    if (bar != 0) host::violation("memory access");
    if (size == 1 && at < 6) return blank ? 0xff : station[at];
    if (size == 1 && at == 0x37) {
        bool empty = static_cast<std::uint16_t>(capr_ + 16) == written_;
        return command_ | (empty ? 1u : 0u);
    }
    if (size == 1 && at == 0x58) return (up_ ? 0u : 4u) | (megabits_ == 10 ? 8u : 0u);
    if (size == 2 && at == 0x66) return 0x05e1;
    if (size == 2 && at == 0x68) return full_ ? 0x45e1 : 0x40a1;
    if (size == 4 && at >= 0x10 && at < 0x20 && at % 4 == 0) return status_[(at - 0x10) / 4];
    host::violation("read of " + std::to_string(size) + " bytes at " + hex(at));
    return 0xffffffff;
}

void FakeRtl8139::write_window(unsigned bar, std::uint32_t at, unsigned size, std::uint32_t value) {
    if (dead) return;
    if (bar != 0) host::violation("memory access");
    if (size == 1 && at == 0x37) return write_command(static_cast<std::uint8_t>(value));
    if (size == 2 && at == 0x3c) {
        interrupt_mask_ = static_cast<std::uint16_t>(value);
    } else if (size == 2 && at == 0x3e) {
        interrupts_ &= static_cast<std::uint16_t>(~value);
        if (stuck_ && told_ && (value & 0x10)) stuck_ = false;
    } else if (size == 2 && at == 0x38) {
        if ((value + 16) % 4) host::violation("CAPR " + hex(value));
        capr_ = static_cast<std::uint16_t>(value);
        told_ = true;
    } else if (size == 1 && at == 0x50) {
        if (value & ~0xc0u) host::violation("9346CR " + hex(value));
        unlocked_ = value == 0xc0;
    } else if (size == 4 && (at == 0 || at == 4)) {
        if (!unlocked_) host::violation("IDR written while it is locked");
        for (unsigned i = at; i < std::min(at + 4, 6u); ++i) station[i] = static_cast<std::uint8_t>(value >> 8 * (i - at));
    } else if (size == 4 && (at == 8 || at == 12)) {
        multicast_[at / 4 - 2] = value;
    } else if (size == 4 && at == 0x30) {
        if (command_ & 8) host::violation("RBSTART written while receiving");
        if (value % 4) host::violation("the ring is not aligned");
        ring_ = value;
    } else if (size == 4 && at == 0x40) {
        if (!(command_ & 4)) host::violation("TCR written before TE");
        if ((value & 0x03000000) != 0x03000000 || (value & 0x00060000)) host::violation("TCR " + hex(value));
        transmit_ = value;
    } else if (size == 4 && at == 0x44) {
        if (!(command_ & 8)) host::violation("RCR written before RE");
        if (value & 0xf00000b1) host::violation("RCR " + hex(value) + ": all, bad or short frames, or reserved");
        if ((value >> 11 & 3) != 3) host::violation("another ring than 64 KiB");
        receive_ = value;
    } else if (size == 4 && at >= 0x20 && at < 0x30 && at % 4 == 0) {
        if (value % 4) host::violation("a frame's address is not a multiple of 4");
        places_[(at - 0x20) / 4] = value;
    } else if (size == 4 && at >= 0x10 && at < 0x20 && at % 4 == 0) {
        write_status((at - 0x10) / 4, value);
    } else {
        host::violation("write of " + std::to_string(size) + " bytes at " + hex(at));
    }
}

void FakeRtl8139::write_command(std::uint8_t value) {
    if (value & 0x10) {
        if (interrupt_mask_) host::violation("reset with interrupts on");
        return reset();
    }
    if ((value & 8) && !(command_ & 8)) {
        if (!resets) host::violation("on before a reset");
        if (unlocked_) host::violation("on with its configuration unlocked");
        if (!ring_) host::violation("receiver on without a ring");
        if (!is_master()) host::violation("receiver on without bus mastering");
    }
    command_ = value & 0x0c;
}

void FakeRtl8139::write_status(unsigned index, std::uint32_t value) {
    if (!transmit_) host::violation("sent before TCR was set");
    if (index != next_) host::violation("place " + std::to_string(index) + " out of turn");
    if (!(status_[index] & 0x2000)) host::violation("place " + std::to_string(index) + " is still the chip's");
    if ((value & 0x1fff) < 60 || (value & 0x1fff) > 1518) host::violation("a frame of " + std::to_string(value & 0x1fff));
    next_ = (next_ + 1) % 4;
    status_[index] = value & ~0x2000u;
    sending_.push_back(index);
    if (sends_at_once) finish_sending();
}

void FakeRtl8139::finish_sending() {
    for (unsigned index : sending_) {
        auto data = dma(places_[index], status_[index] & 0x1fff);
        sent.emplace_back(data.begin(), data.end());
        status_[index] |= 0xa000;
    }
    sending_.clear();
}

bool FakeRtl8139::deliver(std::span<const std::byte> frame) {
    if (dead || !(command_ & 8) || !receive_ || !up_ || stuck_) return false;
    if ((receive_ & 0x0e) != 0x0e || multicast_[0] != 0xffffffff || multicast_[1] != 0xffffffff)
        host::violation("does not take its own, broadcast and multicast frames");
    auto length = static_cast<std::uint32_t>(std::max<std::size_t>(frame.size(), 60) + 4);
    std::uint32_t room = static_cast<std::uint16_t>(capr_ + 16 - written_);
    if (room == 0) room = 65536;
    std::uint32_t place = (4 + length + 3) & ~3u;
    if (place >= room) {
        stuck_ = true;
        told_ = false;
        ++overflows;
        interrupts_ |= 0x10;
        return false;
    }
    auto memory = dma(ring_, 65536 + 16);
    if (memory.empty()) return false;
    std::uint32_t header = lie.value_or(length << 16 | 1);
    lie.reset();
    std::memcpy(&memory[written_], &header, 4);
    for (std::uint32_t i = 0; i < length; ++i)
        memory[(written_ + 4 + i) % 65536] = i < frame.size() ? frame[i] : std::byte{0};
    written_ = static_cast<std::uint16_t>(written_ + place);
    return true;
}
