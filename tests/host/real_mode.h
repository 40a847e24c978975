// The host's side of <platform/realmode.h>: a memory that real mode reaches, and a PXE API in it.
#pragma once

#include <platform/realmode.h>

namespace host {

// What the API's entry point leads to. Addresses are linear, within the memory below.
class PxeApi {
  public:
    virtual ~PxeApi() = default;
    // AX.
    virtual std::uint16_t call(std::uint16_t opcode, std::uint32_t parameters, platform::Interrupts interrupts) = 0;
};

// From now on the machine has this one, or none. It must outlive its being there.
void set_pxe(PxeApi* api);
// What load_undi() finds in the ROM of a PCI function; at first nothing.
void set_undi_rom(platform::PciAddress address, PxeApi* api);
// What is at a linear address; empty when that is beyond the first 1088 KiB, which is all that real mode reaches.
util::MutableBytes real_memory(std::uint32_t address, std::size_t size);
// Where the memory for blocks and frames is.
inline constexpr std::uint32_t kRealModeMemory = 0x9a000, kRealModeMemorySize = 2048;

}  // namespace host
