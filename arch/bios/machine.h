// The machine beneath the platform functions: the resident block, and calls into real mode.
#pragma once

#include <cstdint>
#include <span>

#include "arch/resident/resident.h"
#include "util/bytes.h"
#include "util/guest_memory.h"

namespace arch {

// This image's resident block in base memory.
Resident& resident();

// Calls a BIOS interrupt in real mode, with interrupts off until the BIOS turns them on.
void bios_interrupt(std::uint8_t number, RealRegisters& registers);
// The same at a known address, for vectors that are hooked.
void bios_call(FarPointer target, RealRegisters& registers);
// Runs one of Resident::entries' routines.
void run_real_routine(std::uint16_t routine);
// Starts a program in real mode, FS and GS as DS, interrupts on. Returns when it gave up (INT 18h, INT 19h), with the BIOS's
// stack perhaps spoilt: whoever starts something that may do so sets Resident::leave_by_int18.
// A network boot program gets its stack, and what it finds PXE by, from whoever offers that (arch/bios/nbp.cc); null: nobody.
using NbpStart = FarPointer (*)(RealRegisters& registers);
void set_nbp_start(NbpStart start);
inline constexpr std::uint8_t kBootFailedVector = 0x18, kBootVector = 0x19;
void run_program(FarPointer entry, FarPointer stack, const RealRegisters& registers);

inline constexpr std::uint16_t kCarryFlag = 0x0001;
inline bool carry(const RealRegisters& registers) { return registers.flags & kCarryFlag; }

// A 16-bit half of a register, as BIOS calls use them; what was in the other half stays.
inline void set_low16(std::uint32_t& whole, std::uint16_t value) { whole = (whole & 0xffff0000) | value; }

// Memory at a physical address: everything is flat. Hides from the compiler that low addresses look like null pointers.
template <class T>
T* physical(std::uint32_t address) {
    asm("" : "+r"(address));
    return reinterpret_cast<T*>(address);
}
// Where what we have taken from base memory begins.
inline std::uint32_t base_memory_begin() { return resident().linear - resident().extra_kib * 1024u; }
inline std::uint32_t linear(FarPointer pointer) { return pointer.segment * 16u + pointer.offset; }

// Interrupt vector table entry.
inline FarPointer& vector(std::uint8_t number) { return *physical<FarPointer>(number * 4u); }

// BIOS data area, 40:xx.
namespace bda {
inline volatile std::uint16_t& com1() { return *physical<volatile std::uint16_t>(0x400); }
inline volatile std::uint16_t& equipment() { return *physical<volatile std::uint16_t>(0x410); }
inline volatile std::uint16_t& base_memory_kib() { return *physical<volatile std::uint16_t>(0x413); }
inline volatile std::uint16_t& keyboard_head() { return *physical<volatile std::uint16_t>(0x41a); }
inline volatile std::uint16_t& keyboard_tail() { return *physical<volatile std::uint16_t>(0x41c); }
inline volatile std::uint8_t& columns() { return *physical<volatile std::uint8_t>(0x44a); }
inline volatile std::uint8_t& active_page() { return *physical<volatile std::uint8_t>(0x462); }
inline volatile std::uint32_t& ticks() { return *physical<volatile std::uint32_t>(0x46c); }
inline volatile std::uint16_t& reset_flag() { return *physical<volatile std::uint16_t>(0x472); }
inline volatile std::uint8_t& drive_count() { return *physical<volatile std::uint8_t>(0x475); }
inline volatile std::uint8_t& last_row() { return *physical<volatile std::uint8_t>(0x484); }
}  // namespace bda

// PIT channel 0 as it counts down, for jitter.
std::uint16_t pit_counter();

// Makes ready all that <platform/...> offers. Once, first thing in main().
void initialise_machine();
// The last step before leave(): the hooks off and the memory given back. Does nothing while drives are published.
void give_back_machine();
// The other way round, when it turns out that we are needed after all. Nobody may have used the memory meanwhile.
void take_back_machine();
// Base memory below ours that is needed for a while (negative), or no longer, as INT 12h and E820 tell it.
void move_base_memory_end(int kib);

// Everything that whoever calls us in real mode may point to.
util::GuestMemory& guest_memory();

// What initialise_machine() is made of.
void exceptions_initialise();
void clock_initialise();
void console_initialise();
void heap_initialise(util::MutableBytes memory);
void memory_map_hide();  // takes our base and extended memory out of what the BIOS reports
void random_initialise();

// True while INT 13h is ours.
bool drives_published();

// Points an interrupt at an entry of the resident block, and back again; back only when nobody has hooked it since.
void hook_vector(std::uint8_t number, std::uint16_t entry, FarPointer& old);
bool unhook_vector(std::uint8_t number, std::uint16_t entry, FarPointer old);

// The PnP installation check structure, as boot sectors and option ROMs get it in ES:DI; null pointer when there is none.
FarPointer pnp_structure();

}  // namespace arch
