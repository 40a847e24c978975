// !PXE and PXENV+, by which programs find the PXE API (PXE 2.1 sections 2.4.3 and 2.4.4).
#pragma once

#include "net/wire/pxe.h"

namespace net {

// Where we are in base memory. Programs and loaders that have unloaded PXE free what the segment descriptors name, so these name
// what may go then, and call all of it UNDI: with the base code alone gone, nothing is free yet.
struct PxePlace {
    std::uint16_t segment, size;               // with the entries
    std::uint16_t rest_segment, rest_size;     // what else would go
    std::uint16_t entry;        // !PXE's: far call, arguments on the stack; says so when it is called in protected mode
    std::uint16_t pxenv_entry;  // far call, arguments in BX and ES:DI
    std::uint16_t bang_pxe;     // offset of !PXE itself
};

void describe_pxe(const PxePlace& place, pxe::BangPxe& bang_pxe, pxe::PxenvPlus& pxenv);

}  // namespace net
