#include "tests/unit/drivers/fake_r8169.h"

#include <platform/clock.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace {

constexpr unsigned kMostDescriptors = 1024;

std::string hex(std::uint32_t value) {
    char text[16];
    std::snprintf(text, sizeof text, "%x", value);
    return text;
}

std::uint32_t get(util::Bytes bytes, unsigned at) {
    std::uint32_t value = 0;
    std::memcpy(&value, &bytes[at], 4);
    return value;
}

void put(util::MutableBytes bytes, unsigned at, std::uint32_t value) { std::memcpy(&bytes[at], &value, 4); }

}  // namespace

FakeR8169::FakeR8169(const Model& model) : FakePciDevice(model.vendor, model.device), model_(model) {
    if (model.has_ports) add_io_window(0, 0xc000, 0x100);
    if (model.express)
        add_memory_window(2, 0xfebf0000, 0x1000, Width::Bits64);
    else
        add_memory_window(1, 0xfebf0000, 0x100, Width::Bits32);
    set_config(0x2e, 2, model.subsystem);
    if (model.express) {
        std::vector<std::uint8_t> bytes(0x3a);
        bytes[0x0e] = 0x43;  // link control: ASPM L0s and L1, common clock
        bytes[0x0f] = 0x01;  // CLKREQ#
        capability_ = add_capability(0x10, bytes);
        allow_config_write(capability_ + 0x10, 0xff);
        allow_config_write(capability_ + 0x11, 0x01);
    }
    phy_ = {{0, 0x1140}, {4, 0x0de1}, {9, model.fast ? 0x0000 : 0x0300}, {14, 0}, {31, 0}};
}

void FakeR8169::plug_cable(bool is_in, unsigned megabits, bool full) {
    cable_ = is_in;
    megabits_ = megabits;
    full_ = full;
}

void FakeR8169::leave_running() {
    command_ = 0x0c;
    mask_ = 0x807f;
}

void FakeR8169::leave_asleep() {
    phy_[0] |= 0x0800;
    phy_[14] = 0x0200;
    phy_[31] = 0x0a42;
    if (model_.has_gate) misc_ |= 0x00080000;
    if (model_.has_phy_power) phy_power_ &= 0x7f;
}

void FakeR8169::reset() {
    if (mask_) host::violation("reset with interrupts on");
    if (receive_ & 0x0f && command_ & 8) host::violation("reset while it takes frames");
    command_ = 0;
    events_ = mode_ = 0;
    receive_ = transmit_ = 0;
    receive_ring_ = transmit_ring_ = {};
    receive_at_ = transmit_at_ = 0;
    stopped_ = configured_ = false;
    sending_.clear();
    sending_from_.clear();
    back_at_ = platform::now() + util::Duration::microseconds(100);
    ++resets;
}

// While it resets it answers nothing else.
bool FakeR8169::is_back(std::uint32_t at) {
    bool back = platform::now() >= back_at_;
    if (!back && at != 0x37) host::violation("access to " + hex(at) + " while it resets");
    return back;
}

unsigned FakeR8169::speed() const {
    if (!cable_ || (phy_.at(0) & 0x0800) || !(phy_.at(0) & 0x1000) || phy_.at(14)) return 0;
    if (model_.has_phy_power && !(phy_power_ & 0x80)) return 0;
    if (slow_until_restart_) return 10;
    unsigned mine = phy_.at(9) & 0x0200 ? 1000 : phy_.at(4) & 0x0180 ? 100 : phy_.at(4) & 0x0060 ? 10 : 0;
    return std::min(mine, megabits_);
}

void FakeR8169::access_phy(std::uint32_t value) {
    if (platform::now() < phy_done_at_ + util::Duration::microseconds(20)) host::violation("PHYAR written too early");
    unsigned number = value >> 16 & 0x1f;
    if (value & 0x7fe00000) host::violation("PHYAR " + hex(value));
    if (!phy_.contains(number) || (model_.fast && number == 9)) return host::violation("PHY register " + hex(number));
    if (number != 31 && phy_[31]) host::violation("PHY register " + hex(number) + " of another page");
    phy_access_ = value;
    phy_done_at_ = platform::now() + util::Duration::microseconds(30);
    if (!(value & 0x80000000)) return;
    phy_[number] = static_cast<std::uint16_t>(value);
    if (number != 0 || !(value & 0x0200)) return;
    phy_[0] &= static_cast<std::uint16_t>(~0x0200);
    slow_until_restart_ = false;
    ++restarts;
}

std::uint32_t FakeR8169::phy_answer() {
    bool write = phy_access_ & 0x80000000;
    if (platform::now() < phy_done_at_) return phy_access_;
    return write ? phy_access_ & 0x7fffffff : 0x80000000 | (phy_access_ & 0x001f0000) | phy_[phy_access_ >> 16 & 0x1f];
}

std::uint32_t FakeR8169::read_window(unsigned bar, std::uint32_t at, unsigned size) {
    if (dead) return 0xffffffff;
    if (model_.has_ports && bar != 0) host::violation("memory access");
    if (size == 1 && at == 0x37) return command_ | (is_back(at) ? 0u : 0x10u);
    if (!is_back(at)) return 0xffffffff;
    if (size == 1 && at < 6) return blank ? 0 : station[at];
    if (size == 2 && at == 0x3e) return events_;
    if (size == 4 && at == 0x40) return transmit_ | model_.revision;
    if (size == 4 && at == 0x60) return phy_answer();
    if (size == 1 && at == 0x6c) {
        unsigned now = speed();
        return now == 0 ? 0u : (full_ ? 1u : 0u) | 2 | (now == 10 ? 4u : now == 100 ? 8u : 0x10u);
    }
    if (size == 1 && at == 0x6f && model_.has_phy_power) return phy_power_;
    if (size == 4 && at == 0xf0 && model_.has_gate) return misc_;
    host::violation("read of " + std::to_string(size) + " bytes at " + hex(at));
    return 0xffffffff;
}

void FakeR8169::write_window(unsigned bar, std::uint32_t at, unsigned size, std::uint32_t value) {
    if (dead) return;
    if (model_.has_ports && bar != 0) host::violation("memory access");
    if (!is_back(at)) return;
    bool on = command_ & 0x0c;
    if (size == 1 && at == 0x37) return write_command(static_cast<std::uint8_t>(value));
    if (size == 2 && at == 0x3c) {
        if (value) host::violation("interrupts on");
        mask_ = static_cast<std::uint16_t>(value);
    } else if (size == 2 && at == 0x3e) {
        events_ &= static_cast<std::uint16_t>(~value);
    } else if (size == 1 && at == 0x50) {
        if (value & ~0xc0u) host::violation("9346CR " + hex(value));
        unlocked_ = value == 0xc0;
    } else if (size == 4 && (at == 0 || at == 4)) {
        if (!unlocked_) host::violation("IDR written while it is locked");
        for (unsigned i = at; i < std::min(at + 4, 6u); ++i) station[i] = static_cast<std::uint8_t>(value >> 8 * (i - at));
    } else if (size == 4 && (at == 8 || at == 12)) {
        multicast_[at / 4 - 2] = value;
    } else if (size == 4 && (at == 0x20 || at == 0x24 || at == 0xe4 || at == 0xe8)) {
        if (on) host::violation("a ring set up while it runs");
        auto& ring = at < 0xe0 ? transmit_ring_ : receive_ring_;
        ring[at % 8 == (at < 0xe0 ? 4 : 0)] = value;
        if ((ring[0] & 0xff) || ring[1]) host::violation("a ring that is not aligned to 256, or above 4 GiB");
    } else if (size == 4 && at == 0x40) {
        if (value != 0x03000700) host::violation("TCR " + hex(value));
        if (model_.has_gate || on) transmit_ = value;
    } else if (size == 4 && at == 0x44) {
        if ((value & 0xff00) != 0xff00 || (value & 0xffff00f1)) host::violation("RCR " + hex(value));
        if (model_.has_gate || on) receive_ = value;
    } else if (size == 4 && at == 0x60) {
        access_phy(value);
    } else if (size == 1 && at == 0x6f && model_.has_phy_power) {
        if ((value ^ phy_power_) & 0x7f) host::violation("PMCH " + hex(value));
        phy_power_ = static_cast<std::uint8_t>(value);
    } else if (size == 1 && at == 0x82 && !model_.express) {
        if (value != 1) host::violation("LDPS " + hex(value));
    } else if (size == 2 && at == 0xda) {
        largest_ = static_cast<std::uint16_t>(value);
    } else if (size == 2 && at == 0xe0) {
        if (on || value != 0x0b) host::violation("C+CR " + hex(value) + (on ? " while it runs" : ""));
        mode_ = static_cast<std::uint16_t>(value);
    } else if (size == 1 && at == 0xec) {
        if (on) host::violation("early threshold changed while it runs");
        max_transmit_ = static_cast<std::uint8_t>(value);
    } else if (size == 4 && at == 0xf0 && model_.has_gate) {
        if ((value ^ misc_) & ~0x00080000u) host::violation("MISC " + hex(value));
        misc_ = value;
    } else if (size == 1 && at == 0x38) {
        if (value != 0x40) host::violation("TPPoll " + hex(value));
        look();
    } else {
        host::violation("write of " + std::to_string(size) + " bytes at " + hex(at));
    }
}

void FakeR8169::write_command(std::uint8_t value) {
    if (value & 0x10) return reset();
    if ((value & 0x0c) && !(command_ & 0x0c)) {
        if (!resets) host::violation("on before a reset");
        if (unlocked_) host::violation("on with its configuration unlocked");
        if (!receive_ring_[0] || !transmit_ring_[0]) host::violation("on without rings");
        if (!mode_ || !largest_ || !max_transmit_) host::violation("on before it is set up");
        if (model_.has_gate && (!receive_ || !transmit_)) host::violation("on before RCR and TCR");
        if (!is_master()) host::violation("on without bus mastering");
        if (model_.express && (link_control() & 0x0103)) host::violation("on with a link that sleeps");
    }
    command_ = value & 0x0c;
}

// Ones that it had seen when it began to send are sent, later ones need another demand.
void FakeR8169::look() {
    if (!(command_ & 4) || !transmit_) return host::violation("demand before it is set up");
    if (!sending_.empty() && model_.express) {
        ++unseen_demands;
        return;
    }
    if (stopped_) return;
    fetch();
    if (sends_at_once) finish_sending();
}

void FakeR8169::fetch() {
    for (unsigned i = 0; i < kMostDescriptors; ++i) {
        auto slot = dma(transmit_ring_[0] + 16 * transmit_at_, 16);
        if (slot.empty() || !(get(slot, 0) & 0x80000000)) return;
        std::uint32_t status = get(slot, 0);
        if (std::ranges::find(sending_from_, transmit_at_) != sending_from_.end()) return;
        if ((status & 0x30000000) != 0x30000000) host::violation("not a whole frame");
        if ((status & 0x0fff0000) || get(slot, 4) || get(slot, 12)) host::violation("a frame with offloads, a tag, or above 4 GiB");
        std::size_t size = status & 0xffff;
        if (size < 60 || size > 1518) host::violation("a frame of " + std::to_string(size));
        auto data = dma(get(slot, 8), size);
        sending_.emplace_back(data.begin(), data.end());
        sending_from_.push_back(transmit_at_);
        transmit_at_ = status & 0x40000000 ? 0 : transmit_at_ + 1;
    }
    host::violation("a transmit ring without an end");
}

void FakeR8169::finish_sending(unsigned frames) {
    for (; frames && !sending_.empty(); --frames) {
        auto slot = dma(transmit_ring_[0] + 16 * sending_from_.front(), 16);
        if (slot.empty()) return;
        put(slot, 0, get(slot, 0) & 0x7fffffff);
        events_ |= 0x0004;
        sent.push_back(std::move(sending_.front()));
        sending_.erase(sending_.begin());
        sending_from_.erase(sending_from_.begin());
    }
}

// A frame longer than its buffer goes on in the next one.
bool FakeR8169::deliver(std::span<const std::byte> frame, How how) {
    if (dead || stopped_ || !(command_ & 8) || !receive_ || (misc_ & 0x00080000)) return false;
    if ((receive_ & 0x0e) != 0x0e) return false;
    if (multicast_[0] != 0xffffffff || multicast_[1] != 0xffffffff) host::violation("does not take all multicast frames");
    std::vector<std::byte> bytes(frame.begin(), frame.end());
    bytes.resize(std::max<std::size_t>(bytes.size(), 60) + 4);
    bool too_long = model_.express && bytes.size() > largest_;
    if (too_long) bytes.resize(largest_);
    for (std::size_t done = 0; done < bytes.size();) {
        auto slot = dma(receive_ring_[0] + 16 * receive_at_, 16);
        if (slot.empty() || !(get(slot, 0) & 0x80000000)) {
            events_ |= 0x0010;
            ++misses;
            return false;
        }
        std::uint32_t status = get(slot, 0);
        unsigned room = status & 0x3fff;
        if (room % 8 || room < 8 || get(slot, 8) % 8) host::violation("a buffer that is not aligned to 8");
        if (get(slot, 4) || get(slot, 12)) host::violation("a buffer with a tag, or above 4 GiB");
        std::size_t part = std::min<std::size_t>(room, bytes.size() - done);
        auto buffer = dma(get(slot, 8), room);
        if (buffer.empty()) return false;
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(done), part, buffer.begin());
        std::uint32_t said = status & 0x40000000;
        if (done == 0) said |= 0x20000000;
        done += part;
        if (done == bytes.size()) said |= 0x10000000 | (too_long ? 0x00600000u : 0u);
        said |= how.length ? how.length : static_cast<unsigned>(done);
        put(slot, 4, 0x1234);  // what is left of a tag that the frame does not have
        put(slot, 0, (said | how.status) & ~how.without);
        receive_at_ = status & 0x40000000 ? 0 : receive_at_ + 1;
    }
    events_ |= 0x0001;
    return true;
}
