// Starting what is on a BIOS drive.
#include <platform/boot.h>

#include "arch/bios/machine.h"

namespace arch {
namespace {

constexpr util::Failure kUnreadable{util::code::kPlatform + 1, "the boot sector cannot be read"};
constexpr util::Failure kNotBootable{util::code::kPlatform + 2,
                                     "the disk is not bootable (no 55AA at the end of its first sector)"};
constexpr util::Failure kBootFailed{util::code::kPlatform + 3, "the system on the disk gave the machine back"};

constexpr std::uint16_t kBootSector = 0x7c00;
constexpr std::uint16_t kBootSignature = 0xaa55;
constexpr std::uint8_t kDiskVector = 0x13, kBootFailedVector = 0x18, kBootVector = 0x19;

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

void run_boot_sector(std::uint8_t drive) {
    FarPointer pnp = pnp_structure();
    RealRegisters registers{};
    registers.edx = drive;
    registers.es = pnp.segment;
    registers.edi = pnp.offset;
    // The BIOS's stack is where boot sectors like to put theirs.
    resident().leave_by_int18 = true;
    run_program({kBootSector, 0}, {kBootSector, 0}, registers);
}

}  // namespace

void run_program(FarPointer entry, FarPointer stack, const RealRegisters& registers) {
    Resident& block = resident();
    block.call = registers;
    block.target = entry;
    block.boot_stack = stack;
    hook_vector(kBootFailedVector, block.entries.hook18, block.old_int18);
    hook_vector(kBootVector, block.entries.hook19, block.old_int19);
    run_real_routine(block.entries.boot);
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
    return kBootFailed;
}

}  // namespace platform
