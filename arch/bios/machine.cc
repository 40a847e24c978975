#include "arch/bios/machine.h"

#include <platform/calling.h>

#include "arch/bios/entry.h"

namespace arch {

static constinit Resident* the_resident = nullptr;

void set_resident(Resident& block) { the_resident = &block; }

Resident& resident() { return *the_resident; }

void initialise_machine() {
    Resident& block = resident();
    exceptions_initialise();
    clock_initialise();
    console_initialise();
    heap_initialise({physical<std::byte>(block.heap_base), block.memory_end - block.heap_base});
    memory_map_hide();
    random_initialise();
}

void run_real_routine(std::uint16_t routine) {
    Resident& block = resident();
    block.routine = routine;
    platform::library(reinterpret_cast<void (*)(Resident*)>(block.real_call))(&block);
}

void bios_call(FarPointer target, RealRegisters& registers) {
    Resident& block = resident();
    block.target = target;
    block.call = registers;
    run_real_routine(block.entries.call);
    registers = block.call;
}

void bios_interrupt(std::uint8_t number, RealRegisters& registers) { bios_call(vector(number), registers); }

void hook_vector(std::uint8_t number, std::uint16_t entry, FarPointer& old) {
    old = vector(number);
    vector(number) = {entry, static_cast<std::uint16_t>(resident().linear >> 4)};
}

bool unhook_vector(std::uint8_t number, std::uint16_t entry, FarPointer old) {
    FarPointer ours{entry, static_cast<std::uint16_t>(resident().linear >> 4)};
    if (vector(number) != ours) return false;
    vector(number) = old;
    return true;
}

FarPointer pnp_structure() {
    constexpr std::uint16_t kBios = 0xf000;
    for (std::uint32_t offset = 0; offset < 0x10000; offset += 16)
        if (*physical<std::uint32_t>(kBios * 16u + offset) == 0x506e5024)  // "$PnP"
            return {static_cast<std::uint16_t>(offset), kBios};
    return {};
}

}  // namespace arch
