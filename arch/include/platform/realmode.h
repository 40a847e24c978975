// <platform/realmode.h>: the PXE stack that we were started from: calls into real mode. The firmware's side
// (arch/bios/real_mode.cc); the host's twin is under tests/host/.
#pragma once

#include <cstdint>

#include <platform/pci.h>

#include "util/bytes.h"

namespace platform {

struct FarPointer {
    std::uint16_t offset = 0;
    std::uint16_t segment = 0;
    bool is_null() const { return !offset && !segment; }
};

// The entry point of the UNDI's API, as !PXE or PXENV+ gave it; null when there is no UNDI.
FarPointer undi_entry();

// Loads and starts the UNDI that an option ROM in the BIOS's space has for this PCI function. From then on undi_entry() knows it; it stays in
// base memory. False when there is no such ROM, or no room for it, or it does not start.
bool load_undi(PciAddress address);

// Our base memory for its parameter blocks and frames: a paragraph's beginning, and the same on every call. Empty when this
// image has none.
util::MutableBytes real_mode_memory();
FarPointer real_mode_address(const void* in_that_memory);

// What a far pointer from real mode leads to. It may point anywhere, but not past the reach of real mode.
util::Bytes real_mode_bytes(FarPointer at, std::uint16_t size);

// Whether the callee finds interrupts enabled: what waits for the BIOS tick needs them.
enum class Interrupts : std::uint8_t { Off, On };

// Calls the PXE API (PXE specification 2.1, section 3.1) with a parameter block. Returns AX.
std::uint16_t pxe_call(FarPointer entry, std::uint16_t opcode, FarPointer parameters, Interrupts interrupts);

}  // namespace platform
