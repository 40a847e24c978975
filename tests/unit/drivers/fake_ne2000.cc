#include "tests/unit/drivers/fake_ne2000.h"

#include <platform/clock.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace {

constexpr std::uint8_t kPrx = 0x01, kPtx = 0x02, kOvw = 0x10, kRdc = 0x40, kRst = 0x80;

std::string hex(unsigned value) {
    char text[16];
    std::snprintf(text, sizeof text, "%x", value);
    return text;
}

}  // namespace

FakeNe2000::FakeNe2000(const Model& model) : FakePciDevice(model.vendor, model.device), model_(model) {
    add_io_window(0, model.port, 0x20);
    if (is_isa()) decode_ports();
    reset();
    resets = 0;
}

void FakeNe2000::reset() {
    command_ = 0x21;
    status_ = kRst;
    sending_ = false;
    set_up_ = false;
    remote_active_ = false;
    remote_count_ = 0;
    overflow_ = Overflow::None;
    ++resets;
}

void FakeNe2000::leave_running() {
    command_ = 0x22;
    status_ = 0;
    interrupt_mask_ = 0x3f;
}

// Each byte comes twice through a bus of words.
std::uint8_t FakeNe2000::prom(unsigned at) const {
    bool words = model_.slot < Slot::Isa8;
    if (words) at /= 2;
    if (at < 6) return model_.blank ? 0xff : kMac[at];
    if (at == 14 || at == 15) return !model_.signature ? 0 : words ? 0x57 : 0x42;
    return static_cast<std::uint8_t>(at * 17);
}

std::uint32_t FakeNe2000::read_window(unsigned, std::uint32_t at, unsigned size) {
    if (dead) return 0xffffffff;
    if (at == 0x10) return read_data(size);
    if (size != 1) {
        host::violation("register " + hex(at) + " read by " + std::to_string(size) + " bytes");
        return 0xff;
    }
    if (at == 0x1f) {
        reset();
        return 0;
    }
    if (at == 0) return command_;
    if (at < 0x10 && command_ >> 6 == 0) return read_page0(at);
    if (command_ >> 6 == 1) {
        if (at >= 1 && at <= 6) return station_[at - 1];
        if (at == 7) return static_cast<std::uint8_t>(current_);
    }
    host::violation("read of register " + hex(at) + ", command " + hex(command_));
    return 0xff;
}

std::uint8_t FakeNe2000::read_page0(unsigned at) {
    if (at == 7) return status_;
    if (at == 3) return static_cast<std::uint8_t>(boundary_);
    host::violation("read of register " + hex(at) + " of page 0");
    return 0xff;
}

void FakeNe2000::write_window(unsigned, std::uint32_t at, unsigned size, std::uint32_t value) {
    if (dead) return;
    if (at == 0x10) return write_data(size, value);
    if (size != 1) return host::violation("register " + hex(at) + " written by " + std::to_string(size) + " bytes");
    auto byte = static_cast<std::uint8_t>(value);
    if (at == 0x1f) return;
    if (at == 0) return write_command(byte);
    if (at < 0x10 && command_ >> 6 == 0) return write_page0(at, byte);
    if (at < 0x10 && command_ >> 6 == 1) return write_page1(at, byte);
    host::violation("write of " + hex(byte) + " to " + hex(at) + ", command " + hex(command_));
}

void FakeNe2000::write_command(std::uint8_t value) {
    unsigned dma = value >> 3 & 7;
    if (value >> 6 > 1) host::violation("page " + std::to_string(value >> 6));
    if (dma == 0 || dma == 3) host::violation("command " + hex(value) + ": remote DMA 0 or send packet");
    if ((value & 3) == 3 || (value & 3) == 0) host::violation("command " + hex(value) + ": neither start nor stop");
    if (remote_active_) host::violation("remote DMA cut off, " + std::to_string(remote_count_) + " left");
    bool stops = (value & 1) && !(command_ & 1), starts = (value & 2) && (command_ & 1);
    if (stops) {
        stopped_at_ = platform::now();
        status_ |= kRst;
        count_cleared_ = false;
        sending_ = false;  // cut off
        if (overflow_ == Overflow::Happened) overflow_ = Overflow::Stopped;
    }
    if (starts) {
        if (!set_up_) host::violation("started before DCR was set");
        if (interrupt_mask_) host::violation("started with interrupts on");
        status_ &= static_cast<std::uint8_t>(~kRst);
        if (overflow_ == Overflow::Stopped) {
            if (platform::now() - stopped_at_ < util::Duration::microseconds(1600))
                host::violation("started again before 1.6 ms after an overflow");
            if (!count_cleared_) host::violation("remote byte count not cleared after an overflow");
            if (!(transmit_ & 6)) host::violation("not in loopback after an overflow");
            overflow_ = Overflow::Started;
        }
    }
    command_ = static_cast<std::uint8_t>((value & ~4u) | (sending_ ? 4u : 0u));
    if (dma == 1 || dma == 2) {
        status_ &= static_cast<std::uint8_t>(~kRdc);
        if (!running()) host::violation("remote DMA while stopped");
        if (!remote_count_) host::violation("remote DMA of nothing");
        remote_active_ = true;
    }
    if (value & 4) start_sending();
}

void FakeNe2000::start_sending() {
    if (sending_) host::violation("sent while sending");
    if (!running()) host::violation("sent while stopped");
    if (transmit_ & 6) host::violation("sent in loopback");
    if (send_count_ < 60 || send_count_ > 1518) host::violation("a frame of " + std::to_string(send_count_));
    sending_ = true;
    command_ |= 4;
    if (sends_at_once) finish_sending();
}

void FakeNe2000::finish_sending() {
    if (!sending_) return;
    auto* from = reinterpret_cast<const std::byte*>(&memory_[send_page_ * 256]);
    sent.emplace_back(from, from + send_count_);
    sending_ = false;
    command_ &= static_cast<std::uint8_t>(~4u);
    status_ |= kPtx;
}

void FakeNe2000::write_page0(unsigned at, std::uint8_t value) {
    bool stopped_only = at == 1 || at == 2 || at == 14 || at == 15;
    if (stopped_only && running()) host::violation("register " + hex(at) + " written while running");
    switch (at) {
        case 1: start_ = value; break;
        case 2: stop_ = value; break;
        case 3:
            if (value < start_ || value >= stop_) host::violation("boundary " + hex(value) + " outside of the ring");
            boundary_ = value;
            break;
        case 4: send_page_ = value; break;
        case 5: send_count_ = (send_count_ & 0xff00) | value; break;
        case 6: send_count_ = (send_count_ & 0xff) | value << 8; break;
        case 7:
            if (value & kOvw && overflow_ != Overflow::None) {
                if (overflow_ != Overflow::Started) host::violation("overflow cleared out of order");
                overflow_ = Overflow::None;
                ++recoveries;
            }
            status_ &= static_cast<std::uint8_t>(~value | kRst);
            break;
        case 8: remote_address_ = (remote_address_ & 0xff00) | value; break;
        case 9: remote_address_ = (remote_address_ & 0xff) | value << 8; break;
        case 10:
            remote_count_ = (remote_count_ & 0xff00) | value;
            count_cleared_ = !remote_count_;
            break;
        case 11:
            remote_count_ = (remote_count_ & 0xff) | value << 8;
            count_cleared_ = !remote_count_;
            break;
        case 12:
            if (value & 0xd3) host::violation("RCR " + hex(value) + ": bad frames, promiscuous or reserved");
            receive_ = value;
            break;
        case 13:
            if (value & ~0x02u) host::violation("TCR " + hex(value));
            if (!value && overflow_ != Overflow::None) host::violation("out of loopback before the overflow was cleared");
            transmit_ = value;
            break;
        case 14:
            if ((value & ~1u) != 0x48) host::violation("DCR " + hex(value));
            data_configuration_ = value;
            set_up_ = true;
            break;
        case 15: interrupt_mask_ = value; break;
        default: host::violation("write of register " + hex(at) + " of page 0");
    }
}

void FakeNe2000::write_page1(unsigned at, std::uint8_t value) {
    if (running()) host::violation("page 1 written while running");
    if (at >= 1 && at <= 6) station_[at - 1] = value;
    if (at == 7) current_ = value;
    if (at >= 8) multicast_[at - 8] = value;
}

bool FakeNe2000::check_data(unsigned size, unsigned direction) {
    bool words = data_configuration_ & 1;
    bool fits = !words ? size == 1 : size == 2 || (size == 4 && model_.slot == Slot::Pci);
    if (!fits) host::violation("data port accessed by " + std::to_string(size) + " bytes");
    if (words && model_.slot >= Slot::Isa8) host::violation("words in a slot of 8 bits");
    if ((command_ >> 3 & 7u) != direction) {
        host::violation("data port accessed without remote DMA");
        return false;
    }
    if (size > remote_count_ + (words ? 3 : 0)) host::violation("more than the remote byte count");
    bool ram = remote_address_ >= ram_begin() && remote_address_ + size <= ram_end();
    // A card without memory there answers nothing; only the driver's search for it may do that.
    if (!ram && remote_address_ >= 0x2000 && model_.slot == Slot::Ne1000) return false;
    if (!ram && !(direction == 1 && remote_address_ + size <= 32))
        host::violation("no memory at " + hex(remote_address_));
    if (direction == 2 && remote_address_ / 256 >= start_ && remote_address_ / 256 < stop_ && running() && !(receive_ & 0x20))
        host::violation("written into the ring");
    return true;
}

std::uint32_t FakeNe2000::read_data(unsigned size) {
    std::uint32_t value = 0xffffffff;
    if (check_data(size, 1)) {
        value = 0;
        for (unsigned i = 0; i < size; ++i) {
            unsigned at = remote_address_ + i;
            value |= std::uint32_t{at < 32 ? prom(at) : memory_[at]} << 8 * i;
        }
    }
    remote_address_ += size;
    remote_count_ -= std::min(remote_count_, size);
    if (remote_count_) return value;
    status_ |= kRdc;
    remote_active_ = false;
    return value;
}

void FakeNe2000::write_data(unsigned size, std::uint32_t value) {
    if (check_data(size, 2))
        for (unsigned i = 0; i < size; ++i) memory_[remote_address_ + i] = static_cast<std::uint8_t>(value >> 8 * i);
    remote_address_ += size;
    remote_count_ -= std::min(remote_count_, size);
    if (remote_count_) return;
    status_ |= kRdc;
    remote_active_ = false;
}

bool FakeNe2000::deliver(std::span<const std::byte> frame) {
    if (dead || !running() || (transmit_ & 6) || (receive_ & 0x20) || overflow_ != Overflow::None) return false;
    if (!(receive_ & 0x04)) host::violation("broadcast not accepted");
    if (station_ != expected_station || multicast_[0] != 0xff) host::violation("addresses not set");
    unsigned ring = stop_ - start_;
    unsigned room = (boundary_ + ring - current_) % ring;
    auto count = static_cast<unsigned>(std::max<std::size_t>(frame.size(), 60) + 4);
    unsigned pages = (4 + count + 255) / 256;
    if (pages > room) {
        overflow_ = Overflow::Happened;
        status_ |= kOvw;
        return false;
    }
    unsigned next = start_ + (current_ - start_ + pages) % ring;
    std::vector<std::uint8_t> bytes{0x01, static_cast<std::uint8_t>(next), static_cast<std::uint8_t>(count),
                                    static_cast<std::uint8_t>(count >> 8)};
    if (lie) std::copy(lie->begin(), lie->end(), bytes.begin());
    lie.reset();
    for (std::byte b : frame) bytes.push_back(std::to_integer<std::uint8_t>(b));
    for (unsigned i = 0; i < bytes.size(); ++i) {
        unsigned at = current_ * 256 + i;
        if (at >= stop_ * 256) at -= ring * 256;
        memory_[at] = bytes[i];
    }
    current_ = next;
    status_ |= kPrx;
    return true;
}
