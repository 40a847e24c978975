// Finding partitions by all kinds of tables, good and bad.
#include "scripts/autoexec/partitions.h"

#include "tests/unit/scripts/disk_maker.h"
#include "tests/unit/scripts/test_blocks.h"

namespace scripts {
namespace {

using Blocks = std::vector<std::uint32_t>;

struct Partitions : testing::Test {
    Blocks find() {
        auto found = find_partitions(blocks);
        EXPECT_TRUE(found.ok());
        return {found.value().begin(), found.value().end()};
    }
    TestBlocks blocks;
    DiskMaker maker{blocks.disk};
};

TEST_F(Partitions, AreThoseOfTheMasterBootRecord) {
    EXPECT_EQ(find(), Blocks());
    maker.table_entry(0, 0, 0x0c, 2048);
    maker.table_entry(0, 3, 7, 90000);
    maker.table_entry(0, 2, 0x17, 0);
    EXPECT_EQ(find(), Blocks({2048, 90000})) << "one that begins with the disk is the disk";
    maker.set(0, 510, 0, 2);
    EXPECT_EQ(find(), Blocks()) << "no table has no signature";
    blocks.readable = 0;
    EXPECT_EQ(find(), Blocks());
}

TEST_F(Partitions, LogicalOnesAreAChain) {
    for (std::uint8_t type : {0x05, 0x0f, 0x85}) {
        blocks.disk.clear();
        maker.table_entry(0, 0, type, 1000);
        maker.table_entry(0, 1, 6, 63);
        maker.table_entry(1000, 0, 6, 63);
        maker.table_entry(1000, 1, 5, 500);
        maker.table_entry(1500, 1, 5, 800);  // an empty link
        maker.table_entry(1800, 0, 0x0b, 2);
        EXPECT_EQ(find(), Blocks({63, 1063, 1802}));
    }
    maker.table_entry(1800, 1, 5, 800);
    EXPECT_LT(find().size(), 100u) << "a ring ends";
    maker.table_entry(1800, 1, 5, 0xfffffffd);  // wraps to a block without a table
    EXPECT_EQ(find(), Blocks({63, 1063, 1802}));
    blocks.readable = 1500;
    EXPECT_EQ(find(), Blocks({63, 1063}));
}

TEST_F(Partitions, OfAGuidTable) {
    for (std::uint32_t size : {128u, 256u, 512u}) {
        blocks.disk.clear();
        maker.table_entry(0, 0, 0xee, 1);
        maker.guid_table({2048, 0, 40, 0x100000000, 4096, 99999}, size);
        EXPECT_EQ(find(), Blocks({2048, 40, 4096, 99999})) << size;
    }
    maker.table_entry(0, 1, 6, 63);
    EXPECT_EQ(find(), Blocks({63, 2048, 40, 4096, 99999})) << "a hybrid one";
    blocks.readable = 2 + 5;
    EXPECT_EQ(find(), Blocks({63, 2048, 40, 4096}));
}

TEST_F(Partitions, OfAGuidTableThatMakesNoSense) {
    auto with = [&](std::size_t at, std::uint64_t value, std::size_t size) {
        blocks.disk.clear();
        maker.table_entry(0, 0, 0xee, 1);
        maker.guid_table({2048});
        maker.set(1, at, value, size);
        return find();
    };
    EXPECT_EQ(with(0, 'E', 1), Blocks({2048}));
    EXPECT_EQ(with(0, 'e', 1), Blocks());
    EXPECT_EQ(with(72, 1000, 8), Blocks());
    EXPECT_EQ(with(72, UINT64_MAX, 8), Blocks());
    EXPECT_EQ(with(72, 0x100000002, 8), Blocks());
    EXPECT_EQ(with(80, UINT32_MAX, 4), Blocks({2048})) << "not read to its end";
    EXPECT_LT(blocks.reads, 200u);
    for (std::uint32_t size : {0u, 1u, 64u, 127u, 129u, 1024u, UINT32_MAX}) EXPECT_EQ(with(84, size, 4), Blocks()) << size;
}

}  // namespace
}  // namespace scripts
