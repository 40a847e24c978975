// What is said of CDs whose boot catalogs are corrupt, and that nothing is started then.
#include "scripts/cd_boot.h"

#include <platform/boot.h>

#include "san/el_torito.h"
#include "scripts/images/boot_plan.h"
#include "scripts/images/layout.h"
#include "tests/host/memory.h"
#include "tests/unit/san/fake_disk.h"
#include "tests/unit/scripts/test_system.h"

namespace scripts {
namespace {

struct CdBoot : testing::Test, TestSystem {
    CdBoot() {
        host::memory() = {};
        host::machine().boot_failure = &platform::kGaveBack;
        host::machine().on_boot = [this](const BootPlan& plan) {
            const BootBlock& block = plan.blocks.span()[0];
            booted.format("%u bytes at 0x%x, enters %x:%x", static_cast<unsigned>(block.source.size()), block.target, std::uint32_t{plan.cs}, std::uint32_t{plan.ip});
        };
        medium.geometry.is_cdrom = true;
        std::fill(medium.bytes.begin(), medium.bytes.end(), std::byte{0});
        put(17, 0, std::string("\0CD001\1EL TORITO SPECIFICATION", 30));
        put(17, 0x47, std::string("\x14\0\0\0", 4));
        put(20, 0, std::string("\1\0", 2));
    }
    ~CdBoot() override { unplug(); }
    void put(std::size_t lba, std::size_t at, std::string_view text) { std::memcpy(&medium.bytes[lba * 2048 + at], text.data(), text.size()); }
    // Boots an entry that says: load so many sectors from block 30 to the segment. The failure; what else was printed is in host::console_output().
    const util::Failure* boot(std::uint16_t segment, std::uint16_t sectors) {
        std::string entry("\x88\0\0\0\0\0\0\0\x1e\0\0\0", 12);
        util::Le16 numbers[2] = {segment, sectors};
        std::memcpy(entry.data() + 2, &numbers[0], 2);
        std::memcpy(entry.data() + 6, &numbers[1], 2);
        put(20, 32, entry);
        host::console_output().clear();
        booted.clear();
        auto device = util::make_owned<san::FakeDisk>(loop, medium).take();
        san::Drive* drive = drives.attach(0x80, std::move(device), {}, 0).take();
        auto result = boot_el_torito(system, *drive);
        drives.detach(0x80);
        return &result.failure();
    }
    san::FakeMedium medium{700, 2048};
    util::Text<80> booted;
};

TEST_F(CdBoot, StartsWhatAnEntryNames) {
    EXPECT_EQ(boot(0, 4), &platform::kGaveBack);
    EXPECT_EQ(booted.view(), "2048 bytes at 0x7c00, enters 0:7c00");
    EXPECT_EQ(boot(0x1000, 1000), &platform::kGaveBack);
    EXPECT_EQ(booted.view(), "512000 bytes at 0x10000, enters 1000:0");
}

TEST_F(CdBoot, SaysThatAnEntrysProgramHasNoPlace) {
    EXPECT_EQ(boot(0x7c0, 0xffff), &kNoRoom) << "nothing is read for it";
    EXPECT_EQ(host::console_output(), "  it needs 32768 KiB at address 0x7c00, where there is not that much memory\n");
    EXPECT_EQ(boot(0xffff, 4), &kBadPlace);
    EXPECT_EQ(host::console_output(), "  it needs 2 KiB at address 0xffff0, where memory is not free: the BIOS or this firmware has it\n");
    EXPECT_EQ(boot(0x10, 4), &kBadPlace);
    EXPECT_EQ(host::console_output(), "  it needs 2 KiB at address 0x100, where memory is not free: the BIOS or this firmware has it\n");
    EXPECT_EQ(booted.view(), "");
}

TEST_F(CdBoot, SaysThatACatalogIsCorrupt) {
    put(20, 0, std::string("\0", 1));
    EXPECT_EQ(boot(0, 4), &san::kNoBiosEntry);
    put(17, 0x47, "\xff\xff\xff\xff");
    EXPECT_EQ(boot(0, 4), &san::kNotBootableCd);
    EXPECT_EQ(booted.view(), "");
}

}  // namespace
}  // namespace scripts
