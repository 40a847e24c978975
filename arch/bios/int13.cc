// INT 13h: from the real-mode stub to san::Int13 and back, and putting our drives where the BIOS's are.
#include <platform/boot.h>

#include <bit>
#include <optional>

#include "arch/bios/entry.h"
#include "arch/bios/machine.h"
#include "san/int13.h"

namespace arch {
namespace {

static_assert(sizeof(san::Int13Registers) == sizeof(RealRegisters));
static_assert(offsetof(san::Int13Registers, flags) == offsetof(RealRegisters, flags));

constexpr std::uint8_t kDiskVector = 0x13;

constinit std::optional<san::Int13> service;  // made when drives are first published
constinit bool hooked = false;
constinit std::uint8_t bios_drives = 0;       // 40:75h before we came
constinit std::uint16_t bios_equipment = 0;   // 40:10h likewise

// One more diskette drive (bit 0: any, bits 6 and 7: how many more).
std::uint16_t with_diskette(std::uint16_t equipment) {
    constexpr std::uint16_t kAny = 1, kOneMore = 1 << 6, kMost = 3 << 6;
    if (!(equipment & kAny)) return static_cast<std::uint16_t>((equipment & ~kMost) | kAny);
    return static_cast<std::uint16_t>((equipment & kMost) == kMost ? equipment : equipment + kOneMore);
}

}  // namespace

bool drives_published() { return hooked; }

void handle_int13(Resident& block) {
    auto registers = std::bit_cast<san::Int13Registers>(block.caller);
    san::Int13::Chained chained;
    san::Int13::Outcome outcome = service->handle(registers, chained);
    if (outcome == san::Int13::Outcome::ChainAndReturn) {
        auto answer = std::bit_cast<RealRegisters>(registers);
        bios_call(block.old_int13, answer);
        registers = std::bit_cast<san::Int13Registers>(answer);
        service->after_chain(registers, chained);
    }
    block.int13_chain = outcome == san::Int13::Outcome::Chain;
    block.caller = std::bit_cast<RealRegisters>(registers);
}

}  // namespace arch

namespace platform {

void publish_drives(san::DriveTable& drives) {
    using namespace arch;
    Resident& block = resident();
    if (!service) {
        service.emplace(drives, guest_memory());
        bios_equipment = bda::equipment();
    }
    if (!hooked && !drives.empty()) {
        bios_drives = bda::drive_count();
        hook_vector(kDiskVector, block.entries.hook13, block.old_int13);
        hooked = true;
    }
    // Below somebody else's hook ours stays, and passes everything on.
    if (hooked && drives.empty()) hooked = !unhook_vector(kDiskVector, block.entries.hook13, block.old_int13);
    bda::equipment() = drives.has_diskette() ? with_diskette(bios_equipment) : bios_equipment;
    bda::drive_count() = drives.empty() ? bios_drives : drives.visible_count(bios_drives);
}

}  // namespace platform
