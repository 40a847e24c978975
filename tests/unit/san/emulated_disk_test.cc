#include "san/emulated_disk.h"

#include <gtest/gtest.h>

#include "san/drive_table.h"
#include "san/el_torito.h"
#include "san/iscsi_failures.h"
#include "tests/unit/san/fake_disk.h"

namespace san {
namespace {

struct Emulated : testing::Test {
    Emulated() {
        host::reset();
        medium.geometry.is_cdrom = true;
    }
    util::Owned<EmulatedDisk> disk(std::uint32_t first, std::uint64_t blocks) {
        return EmulatedDisk::create(loop, cd, first, blocks).take();
    }
    util::Bytes image(std::uint64_t lba, std::size_t size) {
        return util::Bytes(medium.bytes).subspan(kFirst * 2048 + lba * 512, size);
    }
    static constexpr std::uint32_t kFirst = 30;
    util::Loop loop;
    FakeMedium medium{900, 2048};
    FakeDisk cd{loop, medium};
};

TEST_F(Emulated, ReadsItsBlocksWhereverTheyLieInTheCds) {
    DriveTable drives(loop);
    Drive* drive = drives.attach(0, disk(kFirst, 2880), {}, 0).take();
    for (std::uint64_t lba : {0u, 1u, 2u, 3u, 4u, 63u, 2870u})
        for (std::size_t count : {1u, 2u, 3u, 4u, 5u, 9u}) {
            std::vector<std::byte> data(count * 512);
            ASSERT_TRUE(drive->read(lba, data).ok());
            ASSERT_EQ(util::as_text(util::Bytes(data)), util::as_text(image(lba, data.size()))) << lba << " " << count;
        }
    std::vector<std::byte> all(2880 * 512);
    ASSERT_TRUE(drive->read(0, all).ok());
    EXPECT_EQ(util::as_text(util::Bytes(all)), util::as_text(image(0, all.size())));
    EXPECT_EQ(drive->read(2880, std::span(all).first(512)).failure, &kBeyondEnd);
    EXPECT_EQ(drive->write(0, std::span(all).first(512)).failure, &kWriteProtected);
}

TEST_F(Emulated, PassesOnWhatTheCdFailsAt) {
    medium.bad_blocks[kFirst + 1] = &kMediumError;
    DriveTable drives(loop);
    Drive* drive = drives.attach(0, disk(kFirst, 2880), {}, 0).take();
    std::vector<std::byte> data(512);
    EXPECT_TRUE(drive->read(3, data).ok());
    EXPECT_EQ(drive->read(4, data).failure, &kMediumError);
}

TEST_F(Emulated, AForgottenRequestIsNotWaitedFor) {
    auto emulated = disk(kFirst, 100);
    std::vector<std::byte> data(512), other(512);
    BlockRequest first{.count = 1, .data = data}, second{.lba = 5, .count = 1, .data = other};
    emulated->submit(first);
    emulated->submit(second);
    emulated->cancel(first);
    (void)loop.run_until([&] { return second.state != BlockRequest::State::Pending; }, util::Instant::never());
    EXPECT_EQ(second.state, BlockRequest::State::Done);
    EXPECT_EQ(util::as_text(util::Bytes(other)), util::as_text(image(5, 512)));
    emulated->submit(first);
    emulated->cancel(first);
}

TEST_F(Emulated, ADisketteHasItsGeometryAndMovesTheBiossUp) {
    DriveTable drives(loop);
    Drive* drive = drives.attach(0, disk(kFirst, 2880), {}, 0).take();
    EXPECT_EQ(drive->chs_geometry().sectors, 18);
    EXPECT_EQ(drive->chs_geometry().heads, 2);
    EXPECT_EQ(drive->chs_geometry().cylinders, 80);
    EXPECT_TRUE(drives.has_diskette());
    EXPECT_EQ(drives.next_free(), 0x80);
    EXPECT_EQ(drives.bios_number(1), 0);
    EXPECT_EQ(drives.visible_number(0), 1);
    EXPECT_EQ(drives.bios_number(0x80), 0x80);
    EXPECT_EQ(drives.visible_number(0x81), 0x81);
    EXPECT_EQ(drives.visible_count(2), 2);
    EXPECT_EQ(drives.visible_count(0), 0);
    (void)drives.attach(0x80, disk(kFirst, 100), {}, 0).take();
    EXPECT_EQ(drives.bios_number(0x81), 0x80);
    EXPECT_EQ(drives.visible_count(1), 2);
    drives.renumber(0x80, 0x82);
    EXPECT_EQ(drives.next_free(), 0x80);
    EXPECT_EQ(drives.find(0x82)->number(), 0x82);
}

TEST_F(Emulated, IsAsLargeAsItsKindSays) {
    auto size = [&](CdBootEntry::Media media) {
        DriveTable drives(loop);
        auto device = util::make_owned<FakeDisk>(loop, medium).take();
        Drive* drive = drives.attach(0x80, std::move(device), {}, 0).take();
        return emulated_blocks(*drive, {media, 0x7c0, 1, kFirst}).take();
    };
    EXPECT_EQ(size(CdBootEntry::Media::Floppy1200), 2400u);
    EXPECT_EQ(size(CdBootEntry::Media::Floppy1440), 2880u);
    EXPECT_EQ(size(CdBootEntry::Media::Floppy2880), 870u * 4);  // the CD ends there
    std::memset(&medium.bytes[kFirst * 2048 + 446], 0, 64);
    EXPECT_EQ(size(CdBootEntry::Media::HardDisk), 870u * 4);
    util::Le32 first(63), count(1000);
    std::memcpy(&medium.bytes[kFirst * 2048 + 446 + 8], &first, 4);
    std::memcpy(&medium.bytes[kFirst * 2048 + 446 + 12], &count, 4);
    EXPECT_EQ(size(CdBootEntry::Media::HardDisk), 1063u);
}

}  // namespace
}  // namespace san
