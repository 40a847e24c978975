// UNDIs that option ROMs carry and nobody has loaded: the UNDI ROM ID structure, Preboot Execution Environment (PXE) Specification 2.1,
// section 3.1 ("UNDI ROM ID Structure"), and what its loader is called with. Pure data.
#pragma once

#include <cstdint>
#include <optional>

#include "drivers/undi_api.h"
#include "util/bytes.h"

namespace drivers {

struct UndiRom {
    std::size_t offset;      // of the ROM, in the bytes searched
    std::uint16_t loader;    // offset in the ROM
    std::uint16_t code_size, data_size;  // what the UNDI takes of base memory
};

// The ROM for this PCI function, among the option ROMs in the BIOS's space for them: they begin on 2 KiB, after POST with
// what is left of them.
std::optional<UndiRom> find_undi_rom(util::Bytes area, std::uint16_t vendor, std::uint16_t device);

namespace undi {

// S_UNDI_LOADER
struct LoaderBlock {
    Le16 status;
    Le16 ax, bx, dx, di, es;  // as the BIOS initialises option ROMs with
    Le16 data_segment, code_segment;
    FarPointer16 pxe, pxenv;  // out
};
static_assert(sizeof(LoaderBlock) == 24);

// PXENV_START_UNDI
struct StartBlock {
    Le16 status;
    Le16 ax, bx, dx, di, es;
};

}  // namespace undi
}  // namespace drivers
