#include "tests/unit/drivers/fake_vmxnet3.h"

#include <algorithm>
#include <string>

namespace {

std::string hex(std::uint64_t value) {
    char text[24];
    std::snprintf(text, sizeof text, "%llx", static_cast<unsigned long long>(value));
    return text;
}

std::uint64_t get(util::Bytes bytes, unsigned at, unsigned size) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < size; ++i) value |= std::to_integer<std::uint64_t>(bytes[at + i]) << 8 * i;
    return value;
}

void put(util::MutableBytes bytes, unsigned at, unsigned size, std::uint64_t value) {
    for (unsigned i = 0; i < size; ++i) bytes[at + i] = static_cast<std::byte>(value >> 8 * i);
}

std::uint64_t number(const std::array<std::uint8_t, 6>& address) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < 6; ++i) value |= std::uint64_t{address[i]} << 8 * i;
    return value;
}

}  // namespace

FakeVmxnet3::FakeVmxnet3() : FakePciDevice(0x15ad, 0x07b0) {
    add_memory_window(0, 0xfebf0000, 0x1000, Width::Bits32);
    add_memory_window(1, 0xfebf1000, 0x1000, Width::Bits32);
}

std::uint32_t FakeVmxnet3::read_window(unsigned bar, std::uint32_t at, unsigned size) {
    if (dead) return 0xffffffff;
    if (bar == 1 && size == 4) {
        if (at == 0x00) return revisions;
        if (at == 0x08) return 1;
        if (at == 0x20) return answer_;
    }
    host::violation("read of " + std::to_string(size) + " bytes at " + hex(at));
    return 0xffffffff;
}

void FakeVmxnet3::write_window(unsigned bar, std::uint32_t at, unsigned size, std::uint32_t value) {
    if (dead) return;
    if (size != 4) return host::violation("write of " + std::to_string(size) + " bytes");
    if (bar == 0) return ring_doorbell(at, value);
    if (at == 0x00) {
        if (value != 1) host::violation("revision " + hex(value));
        revision_chosen_ = true;
    } else if (at == 0x08) {
        if (value != 1) host::violation("version " + hex(value));
        version_chosen_ = true;
    } else if (at == 0x10) shared_low_ = value;
    else if (at == 0x18) shared_ = shared_low_ | std::uint64_t{value} << 32;
    else if (at == 0x20) run(value);
    else if (at == 0x28) mac_ = (mac_ & ~0xffffffffull) | value;
    else if (at == 0x30) mac_ = (mac_ & 0xffffffffull) | std::uint64_t{value} << 32;
    else host::violation("write to " + hex(at));
}

void FakeVmxnet3::ring_doorbell(std::uint32_t at, std::uint32_t value) {
    if (!enabled_) host::violation("doorbell while disabled");
    if (at == 0x000) masked_ = value & 1;
    else if (at == 0x600) {
        if (value >= transmit_.slots) host::violation("doorbell " + hex(value));
        if (!masked_) host::violation("interrupts on");
        if (sends_at_once && failed_ != 2) finish_sending();
    } else if (at == 0x800) {
        if (value >= receive_.slots) host::violation("doorbell " + hex(value));
        told_ = value;
    } else {
        host::violation("doorbell at " + hex(at));
    }
}

void FakeVmxnet3::run(std::uint32_t command) {
    answer_ = 0;
    if (command == 0xcafe0000) answer_ = enable();
    else if (command == 0xcafe0001) enabled_ = false;
    else if (command == 0xcafe0002) {
        failed_ = 0;
        enabled_ = filtered_ = revision_chosen_ = version_chosen_ = masked_ = false;
        ++resets;
    } else if (command == 0xcafe0003 || command == 0xcafe0005) {
        if (!enabled_) return host::violation("a filter while disabled");
        filtered_ |= command == 0xcafe0003;
        auto shared = dma(shared_, 720);
        if (shared.empty()) return;
        if (get(shared, 120, 4) != 0xf) host::violation("receive mode " + hex(get(shared, 120, 4)));
        for (unsigned i = 0; i < 512; ++i)
            if (get(shared, 136 + i, 1) != 0xff) return host::violation("a VLAN is filtered out");
    } else if (command == 0xf00d0002) answer_ = link_up ? 1 | megabits << 16 : 0;
    else if (command == 0xf00d0003) answer_ = blank ? 0 : static_cast<std::uint32_t>(number(kMac));
    else if (command == 0xf00d0004) answer_ = blank ? 0 : static_cast<std::uint32_t>(number(kMac) >> 32);
    else host::violation("command " + hex(command));
}

FakeVmxnet3::Ring FakeVmxnet3::ring(std::uint64_t base, std::uint32_t slots, const char* what) {
    if (base & 511) host::violation(std::string(what) + " is not aligned to 512 bytes");
    if (slots % 32 || !slots || slots > 4096) host::violation(std::string(what) + " has " + std::to_string(slots));
    if (!dma(base, slots * 16).empty())
        for (std::byte byte : dma(base + slots * 16 - 16, 16))
            if (byte != std::byte{0}) host::violation(std::string(what) + " is not empty at its end");
    return {base, slots, 0, 1};
}

std::uint32_t FakeVmxnet3::enable() {
    if (refuses) return 1;
    if (enabled_) host::violation("enabled twice");
    if (!revision_chosen_ || !version_chosen_) host::violation("enabled without a version");
    if (shared_ & 7) host::violation("shared memory is not aligned");
    if (mac_ != number(expected_station)) host::violation("not the address that it is to have");
    auto shared = dma(shared_, 720);
    if (shared.empty()) return 1;
    auto expect = [&](unsigned at, unsigned size, std::uint64_t value) {
        if (get(shared, at, size) != value) host::violation("shared " + std::to_string(at) + " is " + hex(get(shared, at, size)));
    };
    expect(0, 4, 0xbabefee1);
    expect(16, 4, 1);
    expect(20, 4, 1);
    expect(24, 8, 1);
    expect(52, 4, 512);
    expect(62, 1, 1);
    expect(63, 1, 1);
    expect(108, 4, 1);
    if (get(shared, 56, 4) < 1500 || get(shared, 56, 4) > 9000) host::violation("MTU " + hex(get(shared, 56, 4)));
    std::uint64_t queues = get(shared, 40, 8);
    if (queues & 127) host::violation("queues are not aligned to 128 bytes");
    auto transmit = dma(queues, 256), receive = dma(queues + 256, 256);
    if (transmit.empty() || receive.empty()) return 1;
    transmit_ = ring(get(transmit, 16, 8), static_cast<std::uint32_t>(get(transmit, 56, 4)), "transmit ring");
    completions_ = ring(get(transmit, 32, 8), static_cast<std::uint32_t>(get(transmit, 64, 4)), "its completions");
    receive_ = ring(get(receive, 16, 8), static_cast<std::uint32_t>(get(receive, 56, 4)), "receive ring");
    Ring second = ring(get(receive, 24, 8), static_cast<std::uint32_t>(get(receive, 60, 4)), "second receive ring");
    received_ = ring(get(receive, 32, 8), static_cast<std::uint32_t>(get(receive, 64, 4)), "its completions");
    if (completions_.slots != transmit_.slots || received_.slots != receive_.slots + second.slots)
        host::violation("not as many completions as descriptors");
    put(transmit, 80, 1, 0);
    put(receive, 80, 1, 0);
    put(receive, 0, 1, wants_doorbell);
    enabled_ = true;
    told_ = 0;
    return 0;
}

bool FakeVmxnet3::deliver(std::span<const std::byte> frame, How how) {
    if (dead || failed_ == 1 || !enabled_ || !filtered_ || !is_master()) return false;
    if (wants_doorbell && receive_.at == told_) return false;
    auto slot = dma(receive_.base + receive_.at * 16, 16);
    if (slot.empty()) return false;
    std::uint64_t word2 = get(slot, 8, 4);
    if (word2 >> 31 != receive_.generation) return false;
    if ((word2 & 0x3fff) != 2048 || (word2 & 0x7fffc000)) host::violation("a buffer with " + hex(word2));
    auto buffer = dma(get(slot, 0, 8), 2048);
    if (buffer.empty()) return false;
    std::copy(frame.begin(), frame.end(), buffer.begin());
    auto done = dma(received_.base + received_.at * 16, 16);
    unsigned index = how.index < 0 ? receive_.at : static_cast<unsigned>(how.index);
    put(done, 0, 4, how.word0 | index);
    put(done, 8, 4, how.word2 ? how.word2 : frame.size());
    put(done, 12, 4, how.word3 | received_.generation << 31);
    receive_.advance();
    received_.advance();
    return true;
}

void FakeVmxnet3::finish_sending() {
    for (unsigned i = 0; i < transmit_.slots; ++i) {
        auto slot = dma(transmit_.base + transmit_.at * 16, 16);
        std::uint64_t word2 = get(slot, 8, 4), word3 = get(slot, 12, 4);
        if ((word2 >> 14 & 1) != transmit_.generation) return;
        if ((word3 & 0x3000) != 0x3000) host::violation("not a whole frame, or no completion");
        std::size_t size = word2 & 0x3fff;
        if (size < (word3 >> 10 & 3 ? 54u : 60u) || size > 1518) host::violation("a frame of " + std::to_string(size));
        auto data = dma(get(slot, 0, 8), size);
        sent.push_back({{data.begin(), data.end()},
                        static_cast<std::uint32_t>(word3 & 0x3ff),
                        static_cast<std::uint32_t>(word3 >> 10 & 3),
                        static_cast<std::uint32_t>(word2 >> 18)});
        if (completes) complete_sending(transmit_.at);
        transmit_.advance();
    }
}

void FakeVmxnet3::fail(unsigned queue) {
    failed_ = queue;
    auto shared = dma(shared_, 720);
    put(shared, 696, 4, queue);
    auto status = dma(get(shared, 40, 8) + (queue == 1 ? 256 : 0) + 80, 8);
    put(status, 0, 1, 1);
    put(status, 4, 4, 0x80000000);
}

void FakeVmxnet3::complete_sending(unsigned index) {
    auto done = dma(completions_.base + completions_.at * 16, 16);
    put(done, 0, 4, index);
    put(done, 12, 4, completions_.generation << 31);
    completions_.advance();
}
