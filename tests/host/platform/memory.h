// <platform/memory.h>: the machine's RAM by physical address. Host side: a piece of the process's memory stands for it
// (tests/host/memory.h).
#pragma once

#include <cstdint>
#include <span>

#include "util/bytes.h"

namespace platform {

// As INT 15h AX=E820h has it (ACPI 6.5 section 15.3).
struct MemoryRange {
    util::Le64 base, length;
    util::Le32 type;
    std::uint64_t end() const { return base + length; }
};
inline constexpr std::uint32_t kRam = 1;
static_assert(sizeof(MemoryRange) == 20);

// What programs that we start are told of: our own memory is not RAM in it. In the BIOS's order.
std::span<const MemoryRange> memory_map();
// Where base memory that a program may use ends (INT 12h).
std::uint32_t base_memory_end();

// Memory at an address, and the other way round; what is not in the machine's memory is at kElsewhere.
inline constexpr std::uint32_t kElsewhere = 0xffffffff;
std::byte* memory_at(std::uint32_t address);
std::uint32_t address_of(const void* memory);

}  // namespace platform
