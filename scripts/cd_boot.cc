#include "scripts/cd_boot.h"

#include <platform/boot.h>

#include "san/el_torito.h"
#include "scripts/images/layout.h"
#include "scripts/system.h"

namespace scripts {

namespace {

constexpr std::uint16_t kSector = 512, kBootSector = 0x7c00;

// The program of an entry, read and started with DL telling the drive. 07C0:0000 is written 0000:7C00, as BIOSes do.
util::Result<void> run_entry(san::Drive& cd, const san::CdBootEntry& entry, std::uint8_t drive) {
    BootPlan plan;
    std::size_t block = cd.block_geometry().block_size, size = std::size_t{entry.sectors} * kSector;
    util::MutableBytes program = TRY(plan.make((size + block - 1) / block * block));
    if (auto read = cd.read(entry.lba, program); !read.ok()) return *read.failure;
    Layout layout(plan);
    plan.entry = BootPlan::Entry::RealMode;
    plan.returns = BootPlan::Returns::Perhaps;
    plan.edx = drive;
    plan.sp = kBootSector;
    std::uint32_t address = entry.segment * 16u;
    if (address == kBootSector)
        plan.ip = kBootSector;
    else
        plan.cs = entry.segment;
    TRY(layout.put(address, size, program.first(size)));
    TRY(layout.arrange());
    return platform::boot(plan);
}

}  // namespace

util::Result<void> boot_cd(System&, san::Drive& cd) {
    san::CdBootEntry entry = TRY(san::find_boot_entry(cd));
    return run_entry(cd, entry, cd.number());
}

}  // namespace scripts
