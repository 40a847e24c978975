// Reading files from FAT file systems, good and bad.
#include "scripts/autoexec/fat.h"

#include "tests/unit/scripts/fat_maker.h"
#include "tests/unit/scripts/test_blocks.h"

namespace scripts {
namespace {

constexpr FatVolume::Name kName{"autoexec.ipxe", "AUTOEXECIPX"};

struct Fat : testing::Test {
    // What is in the file; or the failure's text in brackets, or "none".
    std::string read(std::uint32_t largest = 1 << 20) {
        auto volume = FatVolume::open(blocks, 100);
        if (!volume) return "[no volume]";
        auto file = volume->find(kName);
        if (!file.ok()) return std::string("[") + file.failure().text + "]";
        if (!file.value()) return "none";
        auto bytes = volume->read(*file.value(), largest);
        if (!bytes.ok()) return std::string("[") + bytes.failure().text + "]";
        return std::string(util::as_text(util::Bytes(bytes.value().span())));
    }
    TestBlocks blocks;
};

std::string text_of(std::size_t size) {
    std::string text = "#!ipxe\n";
    while (text.size() < size) text += "echo line " + std::to_string(text.size()) + "\n";
    return text.substr(0, size);
}

TEST_F(Fat, ReadsAFileOfEachKindOfTable) {
    // The largest FAT12, the smallest and largest FAT16, the smallest FAT32, and a large one.
    for (std::uint32_t clusters : {10u, 4084u, 4085u, 65524u, 65525u, 3000000u}) {
        blocks.disk.clear();
        FatMaker maker(blocks.disk, 100, clusters);
        std::string text = text_of(5000);
        std::uint32_t last = clusters + 1;
        maker.file("autoexec.ipxe", text, {5, 3, last, 4, 6});
        EXPECT_EQ(read(), text) << clusters;
        EXPECT_EQ(read(5000), text);
        EXPECT_EQ(read(4999), "[the file is too large]");
    }
}

TEST_F(Fat, KnowsTheFileByEitherName) {
    FatMaker maker(blocks.disk, 100, 100);
    maker.entry(FatMaker::short_entry("SANPIPER   ", 8, 0, 0));
    maker.entry(FatMaker::short_entry("\xe5UTOEXECIPX", 32, 3, 10));
    maker.entry(FatMaker::short_entry("AUTOEXECIPX", 16, 3, 0));
    // A long name that is not this one's: the file that it was of has been deleted by a system that did not know long names.
    maker.entry(FatMaker::part("autoexec.ipxe", 0x41, "OTHER   TXT"));
    maker.entry(FatMaker::short_entry("README  TXT", 32, 3, 10));
    // A longer name that ends like it.
    maker.entry(FatMaker::part("autoexec.ipxe", 0x42, "AUTOEX~2IPX"));
    maker.entry(FatMaker::part("old version o", 0x01, "AUTOEX~2IPX"));
    maker.entry(FatMaker::short_entry("AUTOEX~2IPX", 32, 3, 10));
    maker.entry(FatMaker::part("autoexec.ipx", 0x41, "AUTOEX~3IPX"));
    maker.entry(FatMaker::short_entry("AUTOEX~3IPX", 32, 3, 10));
    EXPECT_EQ(read(), "none");
    FatMaker with_long = maker;
    maker.entry(FatMaker::short_entry("AUTOEXECIPX", 32, 4, 5));
    maker.content({4}, "short");
    EXPECT_EQ(read(), "short");
    with_long.file("AutoExec.iPXE", "long", {5});
    EXPECT_EQ(read(), "long");
}

TEST_F(Fat, FindsItAtTheEndOfAFullDirectory) {
    for (std::uint32_t clusters : {100u, 70000u}) {
        blocks.disk.clear();
        FatMaker maker(blocks.disk, 100, clusters);
        if (clusters == 70000) {
            maker.root = {2, 9, 7};
            maker.chain(maker.root);
        }
        std::uint32_t room = clusters == 100 ? 64 : 96;
        while (maker.entries < room - 2) maker.entry(FatMaker::short_entry("README  TXT", 32, 3, 10));
        std::map<std::uint32_t, std::string> without = blocks.disk;
        maker.file("autoexec.ipxe", "here", {20});
        EXPECT_EQ(read(), "here");
        blocks.disk = without;
        EXPECT_EQ(read(), "none");
    }
}

TEST_F(Fat, AnEmptyFileHasNoClusters) {
    FatMaker maker(blocks.disk, 100, 100);
    maker.entry(FatMaker::part("autoexec.ipxe", 0x41, "AUTOEX~1IPX"));
    maker.entry(FatMaker::short_entry("AUTOEX~1IPX", 32, 0, 0));
    EXPECT_EQ(read(), "");
}

TEST_F(Fat, NoticesChainsThatLeadAstray) {
    for (std::uint32_t clusters : {100u, 5000u, 70000u}) {
        for (std::uint32_t wrong : {0u, 1u, clusters + 2, 0xff7u, 0xfff7u, 0xfffffffu}) {
            blocks.disk.clear();
            FatMaker maker(blocks.disk, 100, clusters);
            maker.file("autoexec.ipxe", text_of(3000), {5, 6, 7});
            EXPECT_EQ(read(), text_of(3000));
            maker.set_next(6, wrong & maker.end());
            bool is_cluster = wrong >= 2 && wrong < clusters + 2;
            EXPECT_EQ(read() == "[the file system is damaged]", !is_cluster) << clusters << " " << wrong;
        }
        // A ring ends with the file's size.
        blocks.disk.clear();
        FatMaker maker(blocks.disk, 100, clusters);
        maker.file("autoexec.ipxe", text_of(100000), {5, 6});
        maker.set_next(6, 5);
        EXPECT_EQ(read().size(), 100000u);
    }
    blocks.disk.clear();
    FatMaker maker(blocks.disk, 100, 70000);
    maker.set_next(2, 2);
    for (int i = 0; i < 32; ++i) maker.entry(FatMaker::short_entry("README  TXT", 32, 3, 10));
    blocks.reads = 0;
    EXPECT_EQ(read(), "[the file system is damaged]") << "a directory that never ends";
    EXPECT_LT(blocks.reads, 10000u);
}

TEST_F(Fat, RefusesVolumesThatMakeNoSense) {
    auto with = [&](std::size_t at, std::uint32_t value, std::size_t size, std::uint32_t clusters = 100) {
        blocks.disk.clear();
        FatMaker maker(blocks.disk, 100, clusters);
        maker.file("autoexec.ipxe", "text", {5});
        FatMaker::set(maker.block(0), at, value, size);
        return read();
    };
    EXPECT_EQ(with(3, 0, 1), "text");
    EXPECT_EQ(with(510, 0, 2), "[no volume]");
    EXPECT_EQ(with(11, 4096, 2), "[no volume]") << "size of a block";
    EXPECT_EQ(with(13, 0, 1), "[no volume]") << "blocks in a cluster";
    EXPECT_EQ(with(13, 3, 1), "[no volume]");
    EXPECT_EQ(with(14, 0, 2), "[no volume]") << "reserved blocks";
    EXPECT_EQ(with(14, 0xffff, 2), "[no volume]");
    EXPECT_EQ(with(16, 0, 1), "[no volume]") << "tables";
    EXPECT_EQ(with(21, 0, 1), "[no volume]") << "medium";
    EXPECT_EQ(with(22, 0xffff, 2), "[no volume]") << "blocks of a table";
    EXPECT_EQ(with(19, 0, 2), "[no volume]") << "blocks";
    EXPECT_EQ(with(36, 0xffffffff, 4, 70000), "[no volume]") << "blocks of a table, which wrap";
    EXPECT_EQ(with(32, 0xffffffff, 4, 70000), "[no volume]") << "blocks, which wrap";
    EXPECT_EQ(with(44, 0, 4, 70000), "[the file system is damaged]") << "cluster of the root directory";
    EXPECT_EQ(with(44, 0xffffffff, 4, 70000), "[the file system is damaged]");
    EXPECT_EQ(with(36, 1, 4, 70000), "none") << "a table that is too small for where things are then";
}

TEST_F(Fat, SaysThatADiskCannotBeRead) {
    FatMaker maker(blocks.disk, 100, 100);
    maker.file("autoexec.ipxe", text_of(3000), {5, 6, 7});
    blocks.readable = 100 + maker.cluster_block(7);
    EXPECT_EQ(read(), "[the disk cannot be read]");
    blocks.readable = 101;
    EXPECT_EQ(read(), "[the disk cannot be read]");
    blocks.readable = 100;
    EXPECT_EQ(read(), "[no volume]");
}

}  // namespace
}  // namespace scripts
