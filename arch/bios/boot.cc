// Starting what is on a BIOS drive, and what has been loaded.
#include <platform/boot.h>
#include <platform/memory.h>

#include <cstring>

#include "arch/bios/machine.h"
#include "arch/bios/undi_rom.h"
#include "scripts/images/boot_plan.h"

namespace arch {
namespace {

constexpr util::Failure kUnreadable{util::code::kPlatform + 1, "the boot sector cannot be read"};
constexpr util::Failure kNotBootable{util::code::kPlatform + 2,
                                     "the disk is not bootable (no 55AA at the end of its first sector)"};

constexpr std::uint16_t kBootSector = 0x7c00;
constexpr std::uint16_t kBootSignature = 0xaa55;
constexpr std::uint8_t kDiskVector = 0x13;

// CHS 0/0/1 is block 0 on every disk, with or without extensions.
bool read_boot_sector(std::uint8_t drive) {
    constexpr std::uint16_t kReset = 0x0000, kReadOneSector = 0x0201;
    constexpr unsigned kTries = 3;
    for (unsigned i = 0; i < kTries; ++i) {
        RealRegisters registers{};
        registers.eax = kReadOneSector;
        registers.ebx = kBootSector;
        registers.ecx = 1;
        registers.edx = drive;
        bios_interrupt(kDiskVector, registers);
        if (!carry(registers)) return true;
        registers = {};
        registers.eax = kReset;
        registers.edx = drive;
        bios_interrupt(kDiskVector, registers);
    }
    return false;
}

constinit NbpStart nbp_start = nullptr;

// Jumps to a program. Comes back only when INT 18h or 19h leads to our hooks.
void jump_to(FarPointer entry, FarPointer stack, const RealRegisters& registers) {
    Resident& block = resident();
    block.call = registers;
    block.target = entry;
    block.boot_stack = stack;
    run_real_routine(block.entries.boot);
}

void run_boot_sector(std::uint8_t drive) {
    FarPointer pnp = pnp_structure();
    RealRegisters registers{};
    registers.edx = drive;
    registers.es = pnp.segment;
    registers.edi = pnp.offset;
    registers.flags = kInterruptFlag;
    // The BIOS's stack is where boot sectors like to put theirs.
    resident().leave_by_int18 = true;
    run_program({kBootSector, 0}, {kBootSector, 0}, registers);
}

void push_far(FarPointer& stack, FarPointer value) {
    stack.offset = static_cast<std::uint16_t>(stack.offset - sizeof value);
    *physical<FarPointer>(linear(stack)) = value;
}

void run_real_mode(const scripts::BootPlan& plan) {
    Resident& block = resident();
    FarPointer stack{plan.sp, plan.ss};
    RealRegisters registers{};
    registers.edx = plan.edx;
    registers.ds = registers.es = plan.ds;
    // Whoever never comes back (a kernel, which wants interrupts off) may have our memory by now, and must not be led there.
    if (plan.returns == scripts::BootPlan::Returns::Never) return jump_to({plan.ip, plan.cs}, stack, registers);
    registers.flags = kInterruptFlag;
    // A network boot program (PXE 2.1 section 4.4.5, "client state at bootstrap execution time") looks for !PXE behind the
    // return address, and for PXENV+ in ES:BX. A boot sector looks at neither.
    if (nbp_start) {
        stack = nbp_start(registers);
    } else {
        push_far(stack, {0, 0});
        push_far(stack, {block.entries.hook18, static_cast<std::uint16_t>(block.linear >> 4)});
    }
    run_program({plan.ip, plan.cs}, stack, registers);
}

// With flat segments, and no descriptor of ours that the program needs: GS is the stack protector's. It may return.
void run_protected(const scripts::BootPlan& plan) {
    std::uint32_t eip = plan.eip, eax = plan.eax, ebx = plan.ebx;
    asm volatile(
        "pushl %%ebp; pushl %%gs; movl %%ds, %%ebp; movl %%ebp, %%gs; xorl %%ebp, %%ebp; call *%%esi; popl %%gs; popl %%ebp; cld"
        : "+a"(eax), "+b"(ebx), "+S"(eip)::"ecx", "edx", "edi", "memory", "cc");
}

void place(const scripts::BootBlock& block) {
    auto* target = physical<std::byte>(block.target);
    std::memmove(target, block.source.data(), block.source.size());
    std::memset(target + block.source.size(), 0, block.size - block.source.size());
}

}  // namespace

void set_nbp_start(NbpStart start) { nbp_start = start; }

void run_program(FarPointer entry, FarPointer stack, const RealRegisters& registers) {
    Resident& block = resident();
    hook_vector(kBootFailedVector, block.entries.hook18, block.old_int18);
    hook_vector(kBootVector, block.entries.hook19, block.old_int19);
    jump_to(entry, stack, registers);
    vector(kBootFailedVector) = block.old_int18;
    vector(kBootVector) = block.old_int19;
}

}  // namespace arch

namespace platform {

util::Result<void> boot_drive(std::uint8_t drive) {
    using namespace arch;
    if (!read_boot_sector(drive)) return kUnreadable;
    if (*physical<std::uint16_t>(kBootSector + 510) != kBootSignature) return kNotBootable;
    run_boot_sector(drive);
    return kGaveBack;
}

util::Result<void> boot(const scripts::BootPlan& plan) {
    bool never_returns = plan.returns == scripts::BootPlan::Returns::Never;
    if (never_returns && arch::unload_undi && !arch::drives_published()) arch::unload_undi();
    for (const scripts::BootBlock& block : plan.blocks.span()) arch::place(block);
    arch::resident().leave_by_int18 = true;  // the BIOS's stack may be gone when we are back
    if (never_returns) arch::give_back_machine();
    if (plan.entry == scripts::BootPlan::Entry::RealMode) arch::run_real_mode(plan);
    else arch::run_protected(plan);
    return kGaveBack;
}

}  // namespace platform
