// <platform/memory.h>: the machine's RAM by physical address, for what is loaded before it is started. The firmware's side
// (arch/bios/memory_map.cc): flat; the host's twin is under tests/host/.
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

// Memory at an address, and the other way round. Only for what memory_map() calls RAM, below 4 GiB.
inline std::byte* memory_at(std::uint32_t address) {
    asm("" : "+r"(address));  // low addresses look like null pointers to the compiler
    return reinterpret_cast<std::byte*>(address);
}
inline std::uint32_t address_of(const void* memory) { return reinterpret_cast<std::uintptr_t>(memory); }

}  // namespace platform
