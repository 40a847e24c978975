// The base memory block of a network boot program that runs, seen from C++: what nbp_block.asm begins with. Behind its code
// come the program's first stack and the PXE API's buffers.
#pragma once

#include <cstddef>

#include "arch/resident/resident.h"
#include "net/wire/pxe.h"

namespace arch {

struct NbpBlock {
    alignas(16) net::pxe::BangPxe bang_pxe;  // programs search for both at 16-byte boundaries
    alignas(16) net::pxe::PxenvPlus pxenv;
    FarPointer old_int1a;
    FarPointer far_call;   // Resident::entries.far_call
    FarPointer give_up;    // Resident::entries.hook18
    std::uint16_t exit_code;
    std::uint16_t has_exited;  // by returning, with exit_code
    // Offsets in the block, by the assembler.
    struct Entries {
        std::uint16_t api, pxenv, int1a, exited;
    } entries;
};

}  // namespace arch
