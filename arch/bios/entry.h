// What the machine's entries lead to.
#pragma once

#include "arch/resident/resident.h"

namespace arch {

void set_resident(Resident& block);

// The firmware's life from banner to giving up (arch/main.cc). Returning goes back to the BIOS.
void main();

// INT 13h, with the caller's registers; changed into what the caller shall see.
void handle_int13(RealRegisters& registers);

}  // namespace arch
