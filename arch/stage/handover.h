// What a prefix hands over to C++ beyond Placement, by Resident::handover: it lies in the prefix's own memory, so it is good
// until something else is loaded there.
#pragma once

#include "arch/resident/resident.h"

namespace arch {

// Origin::Pxe (arch/prefix/nbp.inc).
struct PxeHandover {
    FarPointer pxe;                 // the !PXE structure; null: none
    FarPointer entry;               // the UNDI's API; null: there is none, or it has been unloaded
    std::uint16_t cached_segment;   // where the cached DHCP packets are: the first at its beginning, ...
    std::uint16_t cached_sizes[2];  // the ACK, and the reply with the boot file's name; 0: the ROM gave none
};
inline constexpr std::uint32_t kCachedSpacing = 1536;  // ... each so many bytes behind the other
static_assert(sizeof(PxeHandover) == 14);

// Origin::LinuxKernel (arch/prefix/lkrn.asm): what the boot loader gave us to run, moved to memory that we do not hide.
struct LinuxHandover {
    std::uint32_t initrd;        // linear address
    std::uint32_t initrd_size;
    std::uint32_t command_line;  // linear address of a text that ends with a zero
};

}  // namespace arch
