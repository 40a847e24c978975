#include "arch/bios/machine.h"

#include "arch/bios/entry.h"

namespace arch {

static constinit Resident* the_resident = nullptr;

void set_resident(Resident& block) { the_resident = &block; }

Resident& resident() { return *the_resident; }

void run_real_routine(std::uint16_t routine) {
    Resident& block = resident();
    block.routine = routine;
    reinterpret_cast<void (*)(Resident*)>(block.real_call)(&block);
}

void bios_call(FarPointer target, RealRegisters& registers) {
    Resident& block = resident();
    block.target = target;
    block.call = registers;
    run_real_routine(block.entries.call);
    registers = block.call;
}

void bios_interrupt(std::uint8_t number, RealRegisters& registers) { bios_call(vector(number), registers); }

}  // namespace arch
