#include "san/geometry.h"

#include <gtest/gtest.h>

#include <vector>

namespace san {

namespace {

class Mbr {
  public:
    Mbr() : bytes_(512) {
        set(510, 0x55);
        set(511, 0xaa);
    }
    // As partitioning tools of that geometry write it.
    Mbr& partition(unsigned index, std::uint32_t first, std::uint32_t blocks, unsigned heads,
                   unsigned sectors) {
        std::size_t at = 446 + index * 16;
        chs(at + 1, first, heads, sectors);
        set(at + 4, 0x83);
        chs(at + 5, first + blocks - 1, heads, sectors);
        for (unsigned i = 0; i < 4; ++i) {
            set(at + 8 + i, first >> (8 * i));
            set(at + 12 + i, blocks >> (8 * i));
        }
        return *this;
    }
    void set(std::size_t at, unsigned value) { bytes_[at] = static_cast<std::byte>(value); }
    ChsGeometry guess(std::uint64_t blocks) const { return guess_geometry(bytes_, blocks); }

  private:
    void chs(std::size_t at, std::uint32_t lba, unsigned heads, unsigned sectors) {
        unsigned cylinder = lba / (heads * sectors), head = lba / sectors % heads, sector = lba % sectors + 1;
        if (cylinder > 1023) cylinder = 1023, head = heads - 1, sector = sectors;
        set(at, head);
        set(at + 1, sector | (cylinder >> 8) << 6);
        set(at + 2, cylinder & 0xff);
    }
    std::vector<std::byte> bytes_;
};

void expect(const ChsGeometry& geometry, unsigned cylinders, unsigned heads, unsigned sectors) {
    EXPECT_EQ(geometry.cylinders, cylinders);
    EXPECT_EQ(geometry.heads, heads);
    EXPECT_EQ(geometry.sectors, sectors);
}

}  // namespace

TEST(Geometry, Is255By63WithoutAPartitionTable) {
    expect(guess_geometry({}, 1000000), 62, 255, 63);
    expect(guess_geometry(std::vector<std::byte>(512), 1000000), 62, 255, 63);
    expect(Mbr().guess(1000000), 62, 255, 63);
    expect(Mbr().guess(1), 1, 255, 63);
    expect(Mbr().guess(std::uint64_t{1} << 40), 1024, 255, 63);
    expect(Mbr().guess(1024 * 255 * 63), 1024, 255, 63);
    expect(Mbr().guess(1024 * 255 * 63 - 1), 1023, 255, 63);
}

TEST(Geometry, IsWhatThePartitionTableWasWrittenWith) {
    expect(Mbr().partition(0, 63, 16 * 63 * 100 - 63, 16, 63).guess(200000), 198, 16, 63);
    expect(Mbr()
               .partition(0, 32, 64 * 32 * 50 - 32, 64, 32)
               .partition(1, 64 * 32 * 50, 64 * 32 * 20, 64, 32)
               .guess(200000),
           97, 64, 32);
    expect(Mbr().partition(2, 17, 4 * 17 * 600 - 17, 4, 17).guess(50000), 735, 4, 17);
    // 255 by 63 itself, ending anywhere.
    expect(Mbr().partition(0, 2048, 100000, 255, 63).guess(200000), 12, 255, 63);
    // Ending anywhere with an older translation.
    expect(Mbr().partition(0, 2048, 100000, 16, 63).guess(200000), 198, 16, 63);
    expect(Mbr().partition(0, 2048, 100000, 128, 63).partition(3, 110000, 5000, 128, 63).guess(200000), 24,
           128, 63);
}

TEST(Geometry, IsTheUsualOneWhenTheTableContradictsItself) {
    expect(Mbr().partition(0, 63, 100000, 16, 63).partition(1, 120000, 3000, 255, 63).guess(200000), 12, 255,
           63);
    Mbr random;
    for (std::size_t i = 446; i < 510; ++i) random.set(i, static_cast<unsigned>(i * 37));
    expect(random.guess(200000), 12, 255, 63);
}

TEST(Geometry, IsTheUsualOneForAProtectiveTable) {
    Mbr gpt;
    gpt.partition(0, 1, 0xffffffff, 255, 63);
    expect(gpt.guess(std::uint64_t{1} << 33), 1024, 255, 63);
}

TEST(Geometry, SaysNoToPositionsThatItHasNot) {
    ChsGeometry geometry{10, 16, 63};
    EXPECT_EQ(geometry.lba({0, 0, 1}), 0u);
    EXPECT_EQ(geometry.lba({9, 15, 63}), 10u * 16 * 63 - 1);
    EXPECT_FALSE(geometry.lba({10, 0, 1}));
    EXPECT_FALSE(geometry.lba({0, 16, 1}));
    EXPECT_FALSE(geometry.lba({0, 0, 0}));
    EXPECT_FALSE(geometry.lba({0, 0, 64}));
}

}  // namespace san
