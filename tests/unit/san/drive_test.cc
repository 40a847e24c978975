#include "san/drive.h"

#include "san/drive_table.h"
#include "tests/unit/san/fake_disk.h"

namespace san {

using util::Duration;

class DriveTest : public testing::Test {
  protected:
    DriveTest() { host::reset(); }
    // The device stays in the drive; the test keeps looking at it.
    Drive& make(FakeMedium& medium, std::size_t cache_bytes = Drive::kCacheBytes) {
        auto device = util::make_owned<FakeDisk>(loop, medium);
        disk = device.value().get();
        disk->shuffle = shuffle;
        drive = Drive::create(loop, 0x80, device.take(), {}, cache_bytes).take();
        disk->seen.clear();
        return *drive;
    }
    Transferred read(std::uint64_t lba, std::uint32_t count) {
        buffer.assign(std::size_t{count} * drive->block_geometry().block_size, std::byte{0xcc});
        return drive->read(lba, buffer);
    }
    void expect_read(const FakeMedium& medium, std::uint64_t lba, std::uint32_t count) {
        Transferred result = read(lba, count);
        ASSERT_TRUE(result.ok()) << result.failure->text;
        ASSERT_EQ(result.blocks, count);
        util::Bytes expected = medium.at(lba, count);
        ASSERT_EQ(std::memcmp(buffer.data(), expected.data(), expected.size()), 0) << "at block " << lba;
    }
    Transferred write(std::uint64_t lba, std::uint32_t count, int fill) {
        buffer.assign(std::size_t{count} * drive->block_geometry().block_size, static_cast<std::byte>(fill));
        return drive->write(lba, buffer);
    }

    util::Loop loop;
    std::mt19937* shuffle = nullptr;
    FakeDisk* disk = nullptr;
    util::Owned<Drive> drive;
    std::vector<std::byte> buffer;
};

TEST_F(DriveTest, ReadsAndWritesBlocks) {
    FakeMedium medium(4096);
    make(medium);
    expect_read(medium, 17, 3);
    EXPECT_TRUE(write(17, 2, 0x55).ok());
    EXPECT_EQ(medium.bytes[17 * 512], std::byte{0x55});
    expect_read(medium, 16, 4);
}

TEST_F(DriveTest, RefusesWhatIsBeyondItsEnd) {
    FakeMedium medium(100);
    make(medium);
    EXPECT_EQ(read(99, 2).failure, &kBeyondEnd);
    EXPECT_EQ(read(UINT64_MAX, 2).failure, &kBeyondEnd);
    EXPECT_EQ(write(100, 1, 0).failure, &kBeyondEnd);
    EXPECT_EQ(drive->verify(0, 101).failure, &kBeyondEnd);
    EXPECT_TRUE(read(99, 1).ok());
    EXPECT_TRUE(read(100, 0).ok());
    EXPECT_EQ(disk->seen.size(), 1u);
}

TEST_F(DriveTest, CutsLongTransfersIntoRequestsThatAreUnderWayTogether) {
    FakeMedium medium(8192);
    make(medium);
    disk->max_transfer = 100;
    expect_read(medium, 5, 2000);
    EXPECT_GE(disk->deepest, 8u);
    disk->deepest = 0;
    ASSERT_TRUE(write(3, 1000, 0x77).ok());
    EXPECT_EQ(disk->deepest, 8u);
    EXPECT_EQ(medium.bytes[1002 * 512 + 511], std::byte{0x77});
}

TEST_F(DriveTest, DoesNotReadAheadAfterOneRead) {
    FakeMedium medium(8192);
    make(medium);
    expect_read(medium, 100, 8);
    EXPECT_EQ(disk->seen.size(), 1u);
}

TEST_F(DriveTest, DoesNotReadAheadOfReadsAtRandom) {
    FakeMedium medium(65536);
    make(medium);
    std::mt19937 random(1);
    for (int i = 0; i < 500; ++i) expect_read(medium, random() % 8000 * 8 + 3, 5);
    EXPECT_EQ(disk->seen.size(), 500u);
}

TEST_F(DriveTest, ServesSmallReadsInARowFromMemory) {
    FakeMedium medium(65536);
    make(medium);
    util::Instant begin = loop.now();
    for (std::uint64_t lba = 0; lba < 32768; ++lba) expect_read(medium, lba, 1);
    // 16 MiB in 64 KiB pieces, each 1 ms away, with 16 of them under way in the long run.
    EXPECT_LT(disk->seen.size(), 300u);
    EXPECT_LT((loop.now() - begin).ms(), 60);
    EXPECT_GE(disk->deepest, 14u);
}

TEST_F(DriveTest, KeepsSeveralReadersApart) {
    FakeMedium medium(65536);
    make(medium);
    util::Instant begin = loop.now();
    for (std::uint64_t i = 0; i < 8000; i += 8) {
        expect_read(medium, i, 8);
        expect_read(medium, 20000 + i, 8);
        if (i % 64 == 0) expect_read(medium, 60000 + i * 37 % 5000, 1);  // a third one looks things up
    }
    EXPECT_LT((loop.now() - begin).ms(), 300);
}

TEST_F(DriveTest, FollowsOddSplitsOfOneStretch) {
    FakeMedium medium(65536);
    make(medium);
    std::uint32_t sizes[] = {63, 1, 62, 2};
    std::uint64_t lba = 2048;
    util::Instant begin = loop.now();
    for (int i = 0; i < 400; ++i) {
        expect_read(medium, lba, sizes[i % 4]);
        lba += sizes[i % 4];
    }
    EXPECT_LT((loop.now() - begin).ms(), 60);
}

TEST_F(DriveTest, NeverReadsAheadBeyondTheEnd) {
    FakeMedium medium(1000);  // the fake checks
    make(medium);
    for (std::uint64_t lba = 0; lba < 1000; lba += 4) expect_read(medium, lba, 4);
}

TEST_F(DriveTest, ForgetsWhatIsOverwritten) {
    FakeMedium medium(8192);
    make(medium);
    for (std::uint64_t lba = 0; lba < 96; lba += 8) expect_read(medium, lba, 8);
    EXPECT_GT(disk->in_flight(), 0u);
    ASSERT_TRUE(write(100, 8, 0x11).ok());  // there already
    ASSERT_TRUE(write(160, 8, 0x22).ok());  // still on its way
    for (std::uint64_t lba = 96; lba < 640; lba += 8) {
        expect_read(medium, lba, 8);
        if (lba % 64 == 0) {
            ASSERT_TRUE(write(lba + 40, 80, static_cast<int>(lba)).ok());
        }
    }
}

TEST_F(DriveTest, ForgetsEverythingOnReset) {
    FakeMedium medium(8192);
    make(medium);
    for (std::uint64_t lba = 0; lba < 64; lba += 8) expect_read(medium, lba, 8);
    for (std::uint64_t lba = 0; lba < 8192; ++lba) medium.stamp(lba, 1);
    drive->reset();
    EXPECT_EQ(disk->in_flight(), 0u);
    for (std::uint64_t lba = 64; lba < 256; lba += 8) expect_read(medium, lba, 8);
}

TEST_F(DriveTest, ForgetsWhatItHadReadWhenTheSessionIsNew) {
    FakeMedium medium(8192);
    make(medium);
    for (std::uint64_t lba = 0; lba < 64; lba += 8) expect_read(medium, lba, 8);
    host::advance(Duration::milliseconds(5));
    loop.poll_once();
    for (std::uint64_t lba = 0; lba < 8192; ++lba) medium.stamp(lba, 1);
    disk->lose_session(Duration::milliseconds(100));
    for (std::uint64_t lba = 64; lba < 256; lba += 8) expect_read(medium, lba, 8);
}

TEST_F(DriveTest, CountsTheBlocksBeforeABadOne) {
    for (bool knows : {true, false}) {
        FakeMedium medium(8192);
        make(medium);
        medium.bad_blocks[1234] = &kMediumError;
        medium.knows_bad_block = knows;
        Transferred result = read(1200, 100);
        EXPECT_EQ(result.failure, &kMediumError);
        EXPECT_EQ(result.blocks, knows ? 34u : 0u);
        EXPECT_EQ(std::memcmp(buffer.data(), medium.at(1200, 1).data(), result.blocks * 512), 0);
        EXPECT_EQ(read(1234, 1).blocks, 0u);
        result = drive->verify(1200, 100);
        EXPECT_EQ(result.failure, &kMediumError);
        EXPECT_EQ(result.blocks, knows ? 34u : 0u);
        result = write(1200, 100, 1);
        EXPECT_EQ(result.failure, &kMediumError);
        EXPECT_EQ(result.blocks, knows ? 34u : 0u);
        drive.reset();
    }
}

TEST_F(DriveTest, ReadsUpToABadBlockThroughReadAhead) {
    FakeMedium medium(8192);
    make(medium);
    medium.bad_blocks[500] = &kMediumError;
    for (std::uint64_t lba = 0; lba < 496; lba += 8) expect_read(medium, lba, 8);
    EXPECT_EQ(read(496, 8).blocks, 4u);
    for (std::uint64_t lba = 504; lba < 2000; lba += 8) expect_read(medium, lba, 8);
}

TEST_F(DriveTest, RefusesToWriteAReadOnlyDisk) {
    FakeMedium medium(100);
    medium.geometry.read_only = true;
    make(medium);
    EXPECT_EQ(write(1, 1, 1).failure, &kWriteProtected);
    EXPECT_TRUE(disk->seen.empty());
}

TEST_F(DriveTest, TellsThePersonWhoWaitsAndGoesOn) {
    FakeMedium medium(1000);
    make(medium);
    disk->lose_session(Duration::seconds(30));
    expect_read(medium, 7, 1);
    EXPECT_NE(host::console_output().find("drive 0x80: no disk for 3 s"), std::string::npos)
        << host::console_output();
    EXPECT_NE(host::console_output().find("the disk is back"), std::string::npos);
    host::console_output().clear();
    disk->lose_session(Duration::seconds(2));
    expect_read(medium, 8, 1);
    EXPECT_EQ(host::console_output(), "");
}

TEST_F(DriveTest, GivesUpWhenPatienceEnds) {
    FakeMedium medium(1000);
    make(medium);
    disk->dead = true;
    util::Instant begin = loop.now();
    EXPECT_EQ(read(1, 1).failure, &kDriveTimedOut);
    EXPECT_EQ((loop.now() - begin).s(), Drive::kPatience.s());
    EXPECT_EQ(disk->in_flight(), 0u);
}

TEST_F(DriveTest, IsNotCancelledByCtrlC) {
    FakeMedium medium(1000);
    make(medium);
    host::type_key(3);
    expect_read(medium, 1, 1);
    EXPECT_EQ(loop.cancel(), util::Loop::Cancel::ByCtrlC);
}

TEST_F(DriveTest, LooksAfterTheNetworkDuringHits) {
    FakeMedium medium(8192);
    make(medium);
    for (std::uint64_t lba = 0; lba < 64; lba += 8) expect_read(medium, lba, 8);
    expect_read(medium, 64, 8);
    struct Counter final : util::Poller {
        bool poll(util::Instant) override { return ++polls, false; }
        int polls = 0;
    } counter;
    loop.add(counter);
    for (int i = 0; i < 64; ++i) expect_read(medium, 64, 1);
    EXPECT_GE(counter.polls, 3);
    EXPECT_LE(counter.polls, 8);
}

TEST_F(DriveTest, WorksWithLittleOrNoMemory) {
    for (std::size_t bytes : {0, 1000, 40000, 70000, 300000}) {
        FakeMedium medium(8192);
        make(medium, bytes);
        for (std::uint64_t lba = 0; lba < 4000; lba += 8) expect_read(medium, lba, 8);
        for (std::uint64_t lba = 0; lba < 4000; lba += 127) expect_read(medium, lba, 127);
        EXPECT_TRUE(drive->verify(0, 8192).ok());
        drive.reset();
    }
}

TEST_F(DriveTest, TakesBlocksOf4096Bytes) {
    FakeMedium medium(4096, 4096);
    make(medium);
    for (std::uint64_t lba = 0; lba < 4096; ++lba) expect_read(medium, lba, 1);
    EXPECT_GT(drive->cache_statistics().hits, 4000u);
}

// Never stale, whatever happens in whatever order.
TEST_F(DriveTest, AlwaysReadsWhatTheDiskHolds) {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        std::mt19937 random(seed);
        FakeMedium medium(6000);
        shuffle = &random;
        make(medium, seed % 2 ? 300000 : Drive::kCacheBytes);
        std::uint64_t readers[3] = {0, 2000, 4000};
        for (int step = 0; step < 600; ++step) {
            SCOPED_TRACE(testing::Message() << "seed " << seed << " step " << step);
            std::uint32_t count = 1 + random() % (random() % 4 ? 16 : 400);
            std::uint64_t& reader = readers[random() % 3];
            std::uint64_t lba = random() % (6000 - count);
            switch (random() % 20) {
                case 0:
                    ASSERT_TRUE(write(reader < 5000 ? reader + random() % 300 : lba, count, step).ok());
                    break;
                case 1:
                    ASSERT_TRUE(write(lba, count, step).ok());
                    break;
                case 2:
                    expect_read(medium, lba, count);
                    break;
                case 3:
                    for (int i = 0; i < 100; ++i)
                        medium.stamp(random() % 6000, static_cast<std::uint32_t>(step));
                    disk->lose_session(Duration::microseconds(random() % 5000));
                    break;
                case 4: {
                    std::uint64_t bad = random() % 6000;
                    medium.bad_blocks[bad] = &kMediumError;
                    std::uint64_t from = bad - std::min<std::uint64_t>(bad, random() % 100);
                    Transferred result =
                        read(from, std::min<std::uint32_t>(200, static_cast<std::uint32_t>(6000 - from)));
                    // It may have been read before it went bad.
                    ASSERT_TRUE(result.ok() || result.blocks <= bad - from);
                    ASSERT_EQ(std::memcmp(buffer.data(), medium.at(from, 1).data(), result.blocks * 512), 0);
                    medium.bad_blocks.clear();
                    break;
                }
                case 5:
                    drive->reset();
                    break;
                case 6:
                    host::advance(Duration::microseconds(random() % 4000));
                    break;
                default:
                    if (reader + count > 6000) reader = random() % 5000;
                    expect_read(medium, reader, count);
                    reader += count;
            }
            if (HasFatalFailure()) return;
        }
        drive.reset();
    }
}

TEST(DriveTable, KeepsDrivesByNumberAndMovesTheBiosOnesUp) {
    host::reset();
    util::Loop loop;
    FakeMedium medium(100);
    DriveTable table(loop);
    auto attach = [&](std::uint8_t number) {
        return table.attach(number, util::make_owned<FakeDisk>(loop, medium).take(), {}, 0);
    };
    EXPECT_EQ(table.visible_count(2), 2);
    EXPECT_EQ(table.next_free(), 0x80);
    ASSERT_TRUE(attach(0x81).ok());
    EXPECT_EQ(table.next_free(), 0x80);
    ASSERT_TRUE(attach(0x80).ok());
    EXPECT_EQ(table.next_free(), 0x82);
    EXPECT_EQ(table.find(0x80)->number(), 0x80);
    EXPECT_EQ(table.find(0x82), nullptr);
    EXPECT_EQ(table.bios_number(0x82), 0x80);
    EXPECT_EQ(table.bios_number(0x00), 0x00);
    EXPECT_EQ(table.visible_number(0x81), 0x83);
    EXPECT_EQ(table.visible_count(2), 4);
    EXPECT_EQ(table.visible_count(0), 2);

    ASSERT_TRUE(attach(0x85).ok());
    EXPECT_EQ(table.visible_number(0x83), 0x86);
    for (unsigned bios = 0x80; bios < 0x90; ++bios)
        EXPECT_EQ(table.bios_number(table.visible_number(static_cast<std::uint8_t>(bios))), bios);
    EXPECT_EQ(table.visible_count(0), 6);

    Drive* old = table.find(0x81);
    Drive* replaced = attach(0x81).take();
    EXPECT_EQ(table.find(0x81), replaced);
    (void)old;
    EXPECT_EQ(table.count(), 3u);
    EXPECT_TRUE(table.detach(0x81));
    EXPECT_FALSE(table.detach(0x81));
    EXPECT_EQ(table.next_free(), 0x81);
    EXPECT_EQ(&attach(0x10).failure(), &kBadDriveNumber);
    for (unsigned number = 0x90; number < 0x96; ++number)
        ASSERT_TRUE(attach(static_cast<std::uint8_t>(number)).ok());
    EXPECT_EQ(&attach(0xa0).failure(), &kTooManyDrives);
    ASSERT_TRUE(attach(0x95).ok());
}

}  // namespace san
