// Reading files from CDs, good and bad.
#include "scripts/autoexec/iso9660.h"

#include "tests/unit/scripts/iso_maker.h"
#include "tests/unit/scripts/test_blocks.h"

namespace scripts {
namespace {

constexpr IsoVolume::Name kName{"autoexec.ipxe", "autoexec.ipx"};

struct Iso9660 : testing::Test {
    // What is in the file; or the failure's text in brackets, or "none".
    std::string read(std::uint32_t largest = 1 << 20) {
        auto volume = IsoVolume::open(blocks);
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

TEST_F(Iso9660, ReadsAFileByEachOfItsNames) {
    for (auto name : {"AUTOEXEC.IPXE;1", "AUTOEXEC.IPX;1", "autoexec.ipxe", "Autoexec.Ipxe;12", "AUTOEXEC.IPXE.;1"}) {
        blocks.disk.clear();
        IsoMaker maker(blocks.disk);
        maker.file("BOOT.CAT;1", "");
        maker.file(name, std::string(5000, 'x'));
        EXPECT_EQ(read(), std::string(5000, 'x')) << name;
        EXPECT_EQ(read(5000), std::string(5000, 'x'));
        EXPECT_EQ(read(4999), "[the file is too large]");
    }
    for (auto name : {"AUTOEXEC.IP;1", "AUTOEXEC.IPXES;1", "AUTOEXEC.IPXE2", ";1", "", "A-FILE-WITH-A-VERY-LONG-NAME-INDEED-AUTOEXEC.IPXE;1"}) {
        blocks.disk.clear();
        IsoMaker(blocks.disk).file(name, "text");
        EXPECT_EQ(read(), "none") << name;
    }
}

TEST_F(Iso9660, IsDescribedByThePrimaryDescriptorWhereverThatIs) {
    IsoMaker maker(blocks.disk, 18);
    maker.file("AUTOEXEC.IPXE;1", "text");
    maker.write(16, 0, std::string_view("\0CD001\1", 7));  // the boot record may be the first
    EXPECT_EQ(read(), "[no volume]");
    maker.write(17, 0, "\2CD001\1");
    EXPECT_EQ(read(), "text");
    maker.set(18, 0, 2, 1);
    EXPECT_EQ(read(), "[no volume]") << "descriptors end";
}

TEST_F(Iso9660, PassesOverFoldersAndPiecesOfFiles) {
    IsoMaker maker(blocks.disk);
    for (std::uint8_t flags : {2, 4, 128}) maker.add(IsoMaker::record("AUTOEXEC.IPXE;1", 40, 10, flags));
    for (std::size_t at : {26u, 27u}) {
        std::string interleaved = IsoMaker::record("AUTOEXEC.IPXE;1", 40, 10, 0);
        interleaved[at] = 1;
        maker.add(interleaved);
    }
    EXPECT_EQ(read(), "none");
    std::string later = IsoMaker::record("AUTOEXEC.IPXE;1", 40, 4, 1);
    later[1] = 2;  // behind its attributes
    maker.write(42, 0, "text");
    maker.add(later);
    EXPECT_EQ(read(), "text");
}

TEST_F(Iso9660, DirectoriesGoOnInTheNextSector) {
    IsoMaker maker(blocks.disk);
    while (maker.used + 44 <= 2048) maker.add(IsoMaker::record("README.TXT", 40, 10, 0));
    maker.used = 2048;
    maker.file("AUTOEXEC.IPXE;1", "text");
    EXPECT_EQ(read(), "none");
    maker.set(16, 156 + 10, 4096);
    EXPECT_EQ(read(), "text");
}

TEST_F(Iso9660, RefusesWhatMakesNoSense) {
    auto with = [&](std::uint32_t sector, std::size_t at, std::uint32_t value, std::size_t size) {
        blocks.disk.clear();
        IsoMaker maker(blocks.disk);
        maker.file("AUTOEXEC.IPXE;1", "text");
        maker.set(sector, at, value, size);
        return read();
    };
    constexpr std::size_t kRecord = 2 * 34;  // behind "." and ".."
    EXPECT_EQ(with(16, 0, 1, 1), "text");
    EXPECT_EQ(with(16, 1, 'c', 1), "[no volume]");
    EXPECT_EQ(with(16, 128, 512, 2), "[no volume]");
    EXPECT_EQ(with(16, 80, UINT32_MAX, 4), "[no volume]");
    EXPECT_EQ(with(16, 80, 0, 4), "[the file system is damaged]");
    EXPECT_EQ(with(16, 156 + 2, IsoMaker::kSectors, 4), "[the file system is damaged]") << "the root directory";
    EXPECT_EQ(with(16, 156 + 2, UINT32_MAX, 4), "[the file system is damaged]");
    EXPECT_EQ(with(16, 156 + 10, UINT32_MAX, 4), "[the file system is damaged]");
    EXPECT_EQ(with(16, 156 + 10, 0, 4), "none");
    EXPECT_EQ(with(IsoMaker::kRoot, kRecord, 33, 1), "[the file system is damaged]") << "shorter than its name";
    EXPECT_EQ(with(IsoMaker::kRoot, kRecord + 2, IsoMaker::kSectors, 4), "[the file system is damaged]") << "the file";
    EXPECT_EQ(with(IsoMaker::kRoot, kRecord + 2, UINT32_MAX, 4), "[the file system is damaged]");
    EXPECT_EQ(with(IsoMaker::kRoot, kRecord + 2, IsoMaker::kSectors - 1, 4), std::string(4, '\0'));
    EXPECT_EQ(with(IsoMaker::kRoot, kRecord + 10, 2048 * (IsoMaker::kSectors - 30) + 1, 4), "[the file is too large]");
    EXPECT_EQ(with(IsoMaker::kRoot, kRecord + 10, 1 << 20, 4).size(), std::size_t{1} << 20);
}

TEST_F(Iso9660, SaysThatADiskCannotBeRead) {
    IsoMaker maker(blocks.disk);
    maker.file("AUTOEXEC.IPXE;1", std::string(5000, 'x'));
    blocks.readable = 30 * 4 + 3;
    EXPECT_EQ(read(), "[the disk cannot be read]");
    blocks.readable = 20 * 4;
    EXPECT_EQ(read(), "[the disk cannot be read]");
    blocks.readable = 16 * 4;
    EXPECT_EQ(read(), "[no volume]");
}

}  // namespace
}  // namespace scripts
