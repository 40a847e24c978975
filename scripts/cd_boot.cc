#include "scripts/cd_boot.h"

#include <platform/boot.h>

#include "san/el_torito.h"
#include "san/emulated_disk.h"
#include "scripts/images/layout.h"
#include "scripts/system.h"

namespace scripts {

namespace {

constexpr std::uint16_t kSector = 512, kBootSector = 0x7c00;

// The program of an entry, read and started with DL telling the drive. 07C0:0000 is written 0000:7C00, as BIOSes do.
util::Result<void> run_entry(san::Drive& cd, const san::CdBootEntry& entry, std::uint8_t drive) {
    BootPlan plan;
    std::uint32_t block = cd.block_geometry().block_size, size = entry.sectors * std::uint32_t{kSector}, address = entry.segment * 16u;
    if (auto free = Layout(plan).reserve(address, size); !free.ok()) {
        std::string_view detail = plan.detail.view();
        util::print("  %v\n", &detail);
        return free;
    }
    util::MutableBytes program = TRY(plan.make((size + block - 1) / block * block));
    if (auto read = cd.read(entry.lba, program); !read.ok()) return *read.failure;
    TRY(plan.blocks.push({address, size, program.first(size)}));
    plan.entry = BootPlan::Entry::RealMode;
    plan.returns = BootPlan::Returns::Perhaps;
    plan.edx = drive;
    plan.sp = kBootSector;
    if (address == kBootSector)
        plan.ip = kBootSector;
    else
        plan.cs = entry.segment;
    return platform::boot(plan);
}

// The image is a diskette at drive 0, or a hard disk in the CD's place, whose own number moves up.
util::Result<void> run_emulated(System& system, san::Drive& cd, const san::CdBootEntry& entry) {
    constexpr std::size_t kCache = 256 << 10;
    san::DriveTable& drives = system.parts.drives;
    std::uint8_t number = cd.number(), moved = number;
    auto blocks = TRY(san::emulated_blocks(cd, entry));
    auto disk = TRY(san::EmulatedDisk::create(system.loop, cd.device(), entry.lba, blocks));
    if (entry.media == san::CdBootEntry::Media::HardDisk) {
        moved = drives.next_free();
        drives.renumber(number, moved);
    }
    std::uint8_t emulated = moved == number ? 0 : number;
    auto attached = drives.attach(emulated, std::move(disk), cd.path(), kCache);
    util::Result<void> result = attached.ok() ? util::Result<void>() : attached.failure();
    if (attached.ok()) {
        attached.value()->set_emulation({static_cast<std::uint8_t>(entry.media), entry.lba});
        platform::publish_drives(drives);
        util::print("The CD holds a %s: drive 0x%02x\n", emulated ? "hard disk" : "diskette", emulated);
        result = run_entry(cd, entry, emulated);
        drives.detach(emulated);
    }
    if (moved != number) drives.renumber(moved, number);
    platform::publish_drives(drives);
    return result;
}

}  // namespace

util::Result<void> boot_el_torito(System& system, san::Drive& cd) {
    san::CdBootEntry entry = TRY(san::find_boot_entry(cd));
    if (entry.media != san::CdBootEntry::Media::NoEmulation) return run_emulated(system, cd, entry);
    return run_entry(cd, entry, cd.number());
}

}  // namespace scripts
