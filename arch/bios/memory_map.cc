// What memory the machine has, and hiding ours: INT 15h E820h, E801h and 88h (answered by hook15 from what is worked out
// here, once) and the BIOS data area's base memory size.
#include <platform/boot.h>
#include <platform/memory.h>

#include <algorithm>

#include "arch/bios/machine.h"
#include "util/assert.h"

namespace arch {
namespace {

constexpr std::uint32_t kMiB = 1 << 20;
constinit std::uint64_t ram_size = 0;

struct Span {
    std::uint64_t base, end;
};

Span base_memory() {
    const Resident& block = resident();
    std::uint32_t base = base_memory_begin();
    return {base, base + block.base_memory_kib * 1024u};
}
Span extended_memory() { return {resident().memory_base, resident().memory_end}; }

// More ranges than fit have not been seen; the ones that come last are dropped then.
void append(std::uint64_t base, std::uint64_t end, std::uint32_t type) {
    Resident& block = resident();
    if (base >= end || block.memory_ranges == std::size(block.ranges)) return;
    std::uint64_t length = end - base;
    block.ranges[block.memory_ranges++] = {static_cast<std::uint32_t>(base), static_cast<std::uint32_t>(base >> 32),
                                           static_cast<std::uint32_t>(length), static_cast<std::uint32_t>(length >> 32),
                                           type};
}

// A range as the BIOS has it, less ours. Ours is reported as reserved rather than left out, as operating systems put
// devices into holes.
void append_without(Span hidden, Span range, std::uint32_t type) {
    Span inside{std::max(range.base, hidden.base), std::min(range.end, hidden.end)};
    if (type != kMemoryRam || inside.base >= inside.end) return append(range.base, range.end, type);
    append(range.base, inside.base, type);
    append(inside.base, inside.end, kMemoryReserved);
    append(inside.end, range.end, type);
}

void append_bios_range(const MemoryRange& range) {
    Span span{range.base(), range.end()};
    if (range.type == kMemoryRam) ram_size += range.length();
    append_without(span.base < kMiB ? base_memory() : extended_memory(), span, range.type);
}

void read_e820() {
    constexpr std::uint32_t kSmap = 0x534d4150;
    constexpr unsigned kMostRanges = 128;  // against BIOSes that never come to an end
    Resident& block = resident();
    RealRegisters registers{};
    for (unsigned i = 0; i < kMostRanges; ++i) {
        registers.eax = 0xe820;
        registers.ecx = sizeof(MemoryRange);
        registers.edx = kSmap;
        registers.es = static_cast<std::uint16_t>(block.linear >> 4);
        registers.edi = offsetof(Resident, transfer);
        bios_interrupt(0x15, registers);
        if (carry(registers) || registers.eax != kSmap) return;
        append_bios_range(*reinterpret_cast<const MemoryRange*>(block.transfer));
        if (!registers.ebx) return;
    }
}

void read_older_sizes() {
    Resident& block = resident();
    std::uint32_t limit = block.memory_base;
    auto at_most = [](std::uint32_t value, std::uint32_t most) { return static_cast<std::uint16_t>(std::min(value, most)); };
    std::uint32_t low_kib = (std::min(limit, 16 * kMiB) - kMiB) / 1024;
    std::uint32_t high_units = limit > 16 * kMiB ? (limit - 16 * kMiB) / 65536 : 0;

    RealRegisters registers{};
    registers.eax = 0xe801;
    bios_interrupt(0x15, registers);
    if (!carry(registers)) {
        block.e801[0] = at_most(registers.eax & 0xffff, low_kib);
        block.e801[1] = at_most(registers.ebx & 0xffff, high_units);
        block.e801[2] = at_most(registers.ecx & 0xffff, low_kib);
        block.e801[3] = at_most(registers.edx & 0xffff, high_units);
    }
    registers = {};
    registers.eax = 0x8800;
    bios_interrupt(0x15, registers);
    std::uint32_t kib = registers.eax & 0xffff;
    block.extended_kib = at_most(kib, (limit - kMiB) / 1024);
    if (ram_size) return;
    // A BIOS without E820.
    ram_size = block.memory_end;
    append(0, block.linear, kMemoryRam);
    append(kMiB, block.memory_base, kMemoryRam);
}

}  // namespace

void memory_map_hide() {
    Resident& block = resident();
    read_e820();
    read_older_sizes();
    bda::base_memory_kib() = static_cast<std::uint16_t>(base_memory_begin() / 1024);
    hook_vector(0x15, block.entries.hook15, block.old_int15);
}

void give_back_machine() {
    Resident& block = resident();
    if (drives_published()) return;
    if (!unhook_vector(0x15, block.entries.hook15, block.old_int15)) return;
    if (bda::base_memory_kib() == base_memory_begin() / 1024)
        bda::base_memory_kib() = static_cast<std::uint16_t>(bda::base_memory_kib() + block.base_memory_kib);
}

void take_back_machine() {
    resident().memory_ranges = 0;
    ram_size = 0;
    memory_map_hide();
}

void move_base_memory_end(int kib) {
    Resident& block = resident();
    std::uint32_t end = bda::base_memory_kib() * 1024u, distance = static_cast<std::uint32_t>(kib) * 1024u;
    bda::base_memory_kib() = static_cast<std::uint16_t>(bda::base_memory_kib() + kib);
    for (MemoryRange& range : std::span(block.ranges).first(block.memory_ranges)) {
        if (range.base_high || range.length_high) continue;
        if (range.type == kMemoryRam && range.end() == end) range.length_low += distance;
        if (range.type == kMemoryReserved && range.base_low == end) {
            range.base_low += distance;
            range.length_low -= distance;
        }
    }
}

}  // namespace arch

namespace platform {

std::uint64_t memory_size() { return arch::ram_size; }

std::span<const MemoryRange> memory_map() {
    static_assert(sizeof(MemoryRange) == sizeof(arch::MemoryRange));
    const arch::Resident& block = arch::resident();
    return {reinterpret_cast<const MemoryRange*>(block.ranges), block.memory_ranges};
}

std::uint32_t base_memory_end() { return arch::bda::base_memory_kib() * 1024u; }

}  // namespace platform
