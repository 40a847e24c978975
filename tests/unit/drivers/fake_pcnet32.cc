#include "tests/unit/drivers/fake_pcnet32.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace {

std::string hex(std::uint32_t value) {
    char text[16];
    std::snprintf(text, sizeof text, "%x", value);
    return text;
}

std::uint32_t get(util::Bytes bytes, unsigned at, unsigned size) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < size; ++i) value |= std::to_integer<std::uint32_t>(bytes[at + i]) << 8 * i;
    return value;
}

void put(util::MutableBytes bytes, unsigned at, unsigned size, std::uint32_t value) {
    for (unsigned i = 0; i < size; ++i) bytes[at + i] = static_cast<std::byte>(value >> 8 * i);
}

}  // namespace

FakePcnet32::FakePcnet32(Access access) : FakePciDevice(0x1022, 0x2000), access_(access) {
    add_io_window(0, 0xc000, 0x20);
    add_memory_window(1, 0xfebf0000, 0x20, Width::Bits32);
}

std::uint32_t FakePcnet32::read_window(unsigned bar, std::uint32_t at, unsigned size) {
    if (dead) return 0xffffffff;
    if (bar != 0) host::violation("memory access");
    if (at < 16 && size == 2) return blank ? 0xffff : kMac[at % 6] | kMac[(at + 1) % 6] << 8;
    bool wide = access_ == Access::Wide;
    if (size == 4 && at == 0x18 && wide) {
        status_ = 4;
        ++resets;
        return 0;
    }
    if (size == 4 && at == 0x18) return 0xffffffff;
    if (size == 2 && at == 0x14) {
        if (!wide) status_ = 4, ++resets;
        return wide ? 0xffff : 0;
    }
    if (size != (wide ? 4u : 2u)) return 0xffffffff;  // undefined; the driver finds out which it is
    if (at == 0x10) return selected_ == 0 ? status_ : csr_[selected_];
    if (at == (wide ? 0x1cu : 0x16u)) {
        if (selected_ == 4) return (bcr_[4] & 0x7fff) | ((bcr_[4] & 0x40) && link_up ? 0x8000u : 0u);
        if (selected_ == 9) return full_duplex;
        return bcr_[selected_];
    }
    host::violation("read of " + hex(at));
    return 0xffffffff;
}

void FakePcnet32::write_window(unsigned bar, std::uint32_t at, unsigned size, std::uint32_t value) {
    if (dead) return;
    if (bar != 0) host::violation("memory access");
    bool wide = access_ == Access::Wide;
    if (wide && size == 2) return;  // the driver finds out
    if (size != (wide ? 4u : 2u)) return host::violation("write of " + std::to_string(size) + " bytes");
    if (at == (wide ? 0x14u : 0x12u)) selected_ = value;
    else if (at == 0x10) write_csr(static_cast<std::uint16_t>(value));
    else if (at == (wide ? 0x1cu : 0x16u)) write_bcr(static_cast<std::uint16_t>(value));
    else host::violation("write to " + hex(at));
}

void FakePcnet32::write_bcr(std::uint16_t value) {
    if (!(status_ & 4) && selected_ == 20) host::violation("software style changed while running");
    bcr_[selected_] = value;
}

void FakePcnet32::write_csr(std::uint16_t value) {
    if (selected_ != 0) {
        if (!(status_ & 4)) host::violation("CSR" + std::to_string(selected_) + " written while running");
        csr_[selected_] = value;
        return;
    }
    if (value & 0x40) host::violation("interrupts on");
    if (value & 4) {
        status_ = 4;
        return;
    }
    status_ &= static_cast<std::uint16_t>(~(value & 0x7f00));
    if (value & 1) initialise();
    if (value & 2) {
        if (!(status_ & 1)) host::violation("started before INIT");
        if (status_ & 0x0100) host::violation("IDON left");
        status_ = static_cast<std::uint16_t>((status_ & ~4) | 0x32);
    }
    if (value & 8) {
        if (status_ & 4) host::violation("transmit demand while stopped");
        if (sends_at_once && (status_ & 0x10)) finish_sending();
    }
}

void FakePcnet32::initialise() {
    if (bcr_[20] != 2) host::violation("software style " + std::to_string(bcr_[20]));
    if (csr_[3] != 0x5f00) host::violation("interrupts not masked in CSR3");
    if ((csr_[4] & 0x0115) != 0x0115) host::violation("interrupts not masked in CSR4");
    auto block = dma(csr_[1] | std::uint32_t{csr_[2]} << 16, 28);
    if (block.empty()) return;
    if (get(block, 0, 2)) host::violation("mode " + hex(get(block, 0, 2)));
    receive_slots_ = 1u << (get(block, 2, 1) >> 4);
    transmit_slots_ = 1u << (get(block, 3, 1) >> 4);
    if (receive_slots_ > 512 || transmit_slots_ > 512) host::violation("a ring of more than 512");
    for (unsigned i = 0; i < 6; ++i)
        if (get(block, 4 + i, 1) != expected_station[i]) host::violation("not the address that it is to have");
    receive_ring_ = get(block, 20, 4);
    transmit_ring_ = get(block, 24, 4);
    if ((receive_ring_ | transmit_ring_) & 15) host::violation("rings are not aligned to 16 bytes");
    receive_at_ = transmit_at_ = 0;
    status_ |= 0x0101;
}

util::MutableBytes FakePcnet32::descriptor(std::uint32_t ring, unsigned index) { return dma(ring + 16 * index, 16); }

bool FakePcnet32::deliver(std::span<const std::byte> frame, How how) {
    if (dead || !(status_ & 0x20)) return false;
    auto slot = descriptor(receive_ring_, receive_at_);
    if (slot.empty() || !(get(slot, 6, 2) & 0x8000)) return false;
    if (get(slot, 4, 2) != (0xf000 | (-2048u & 0xfff))) host::violation("a buffer of another size than 2048");
    auto buffer = dma(get(slot, 0, 4), 2048);
    if (buffer.empty()) return false;
    std::copy(frame.begin(), frame.end(), buffer.begin());
    put(slot, 8, 2, how.length ? how.length : static_cast<unsigned>(std::max<std::size_t>(frame.size(), 60)) + 4);
    put(slot, 6, 2, how.status);
    receive_at_ = (receive_at_ + 1) % receive_slots_;
    return true;
}

void FakePcnet32::finish_sending() {
    for (unsigned i = 0; i < transmit_slots_; ++i) {
        auto slot = descriptor(transmit_ring_, transmit_at_);
        if (slot.empty() || !(get(slot, 6, 2) & 0x8000)) return;
        if ((get(slot, 6, 2) & 0x0300) != 0x0300) host::violation("not a whole frame");
        if ((get(slot, 4, 2) & 0xf000) != 0xf000) host::violation("BCNT without ones");
        std::size_t size = -get(slot, 4, 2) & 0xfff;
        if (size < 60 || size > 1518) host::violation("a frame of " + std::to_string(size));
        auto data = dma(get(slot, 0, 4), size);
        sent.emplace_back(data.begin(), data.end());
        put(slot, 6, 2, 0x0300);
        transmit_at_ = (transmit_at_ + 1) % transmit_slots_;
    }
}
