// What the machine's entries lead to, and the way out.
#pragma once

#include "arch/resident/resident.h"

namespace arch {

void set_resident(Resident& block);

// The firmware's life from banner to giving up (arch/main.cc). Returning is the same as leave().
void main();

// Goes back to the BIOS, which tries its next boot device. The stack stays as it is: drives that are still published
// may refer to what lives there.
[[noreturn]] void leave();

// INT 13h (arch/bios/int13.cc). The caller's registers are in the block; what the caller shall see goes there.
void handle_int13(Resident& block);

// Who handles calls to Resident::entries.far_call; its arguments are on the caller's stack, Resident::caller_stack.
using FarCallHandler = void (*)(Resident& block);
void set_far_call_handler(FarCallHandler handler);

}  // namespace arch
