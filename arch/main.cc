// The composition root: makes the firmware's parts and connects them. Nothing else belongs here.
#include <platform/clock.h>
#include <platform/console.h>

#include "arch/bios/entry.h"
#include "arch/bios/machine.h"
#include "util/text.h"

namespace arch {

void main() {
    Resident& block = resident();
    clock_initialise();
    console_initialise();
    heap_initialise({physical<std::byte>(block.heap_base), block.memory_end - block.heap_base});
    util::print("\nSanpiper\n");
}

void handle_int13(RealRegisters& registers) { registers.flags |= kCarryFlag; }

}  // namespace arch
