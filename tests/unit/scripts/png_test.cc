// PNG pictures, pixel by pixel.
#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "scripts/graphics/png.h"
#include "tests/unit/scripts/png_maker.h"

namespace scripts {
namespace {

using Lines = std::vector<std::vector<std::uint32_t>>;

struct Pixels final : PixelSink {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> seen;
    void pixel(std::uint32_t x, std::uint32_t y, std::uint32_t colour) override {
        EXPECT_TRUE(seen.emplace(std::pair(y, x), colour).second) << "twice " << x << "," << y;
    }
    Lines lines() const {
        Lines all;
        for (auto [place, colour] : seen) {
            if (place.first >= all.size()) all.resize(place.first + 1);
            EXPECT_EQ(all[place.first].size(), place.second);
            all[place.first].push_back(colour);
        }
        return all;
    }
};

util::Result<void> read(const std::string& file, Pixels& pixels, std::size_t room = 4096) {
    std::vector<std::byte> scratch(room);
    draw_png(TRY(unpack_png(util::as_bytes(file), scratch)), pixels);
    return {};
}

Lines read(const std::string& file) {
    Pixels pixels;
    auto done = read(file, pixels);
    EXPECT_TRUE(done.ok()) << (done.ok() ? "" : done.failure().text);
    return pixels.lines();
}

std::string bytes(std::initializer_list<int> values) {
    std::string text;
    for (int value : values) text += static_cast<char>(value);
    return text;
}

TEST(Png, ShowsTrueColour) {
    EXPECT_EQ(read(make_png(2, 1, 8, 2, bytes({0, 1, 2, 3, 0xff, 0x80, 0x40}))), (Lines{{0x010203, 0xff8040}}));
    EXPECT_EQ(read(make_png(1, 1, 16, 2, bytes({0, 0x12, 0xff, 0x34, 0, 0x56, 1}))), (Lines{{0x123456}}));
}

TEST(Png, ShowsGreyOfAnyDepth) {
    EXPECT_EQ(read(make_png(9, 1, 1, 0, bytes({0, 0xa0, 0x80}))),
              (Lines{{0xffffff, 0, 0xffffff, 0, 0, 0, 0, 0, 0xffffff}}));
    EXPECT_EQ(read(make_png(4, 1, 2, 0, bytes({0, 0x1b}))), (Lines{{0, 0x555555, 0xaaaaaa, 0xffffff}}));
    EXPECT_EQ(read(make_png(2, 1, 4, 0, bytes({0, 0x3c}))), (Lines{{0x333333, 0xcccccc}}));
    EXPECT_EQ(read(make_png(1, 1, 8, 0, bytes({0, 0x77}))), (Lines{{0x777777}}));
    EXPECT_EQ(read(make_png(1, 1, 16, 0, bytes({0, 0x77, 0x12}))), (Lines{{0x777777}}));
}

TEST(Png, ShowsPalettesWithTransparency) {
    std::string extra = png_chunk("PLTE", bytes({10, 20, 30, 40, 50, 60})) + png_chunk("tRNS", bytes({0}));
    EXPECT_EQ(read(make_png(4, 1, 2, 3, bytes({0, 0x1b}), extra)), (Lines{{0, 0x28323c, 0, 0}}));  // the last two are none
}

TEST(Png, LaysWhatIsTransparentOverBlack) {
    EXPECT_EQ(read(make_png(2, 1, 8, 6, bytes({0, 200, 100, 50, 255, 200, 100, 50, 0}))), (Lines{{0xc86432, 0}}));
    EXPECT_EQ(read(make_png(1, 1, 8, 4, bytes({0, 200, 128}))), (Lines{{0x646464}}));
    EXPECT_EQ(read(make_png(2, 1, 8, 0, bytes({0, 5, 6}), png_chunk("tRNS", bytes({0, 5})))), (Lines{{0, 0x060606}}));
    EXPECT_EQ(read(make_png(1, 1, 8, 2, bytes({0, 5, 6, 7}), png_chunk("tRNS", bytes({0, 5, 0, 6, 0, 7})))), (Lines{{0}}));
}

// Worked out by hand from section 9 of the standard.
TEST(Png, KnowsAllFilters) {
    std::string lines = bytes({0, 10, 20, 30}) + bytes({1, 1, 2, 3}) + bytes({2, 1, 1, 1}) + bytes({3, 4, 4, 4}) + bytes({4, 1, 1, 1});
    EXPECT_EQ(read(make_png(3, 5, 8, 0, lines)), (Lines{{0x0a0a0a, 0x141414, 0x1e1e1e},
                                                        {0x010101, 0x030303, 0x060606},
                                                        {0x020202, 0x040404, 0x070707},
                                                        {0x050505, 0x080808, 0x0b0b0b},
                                                        {0x060606, 0x090909, 0x0c0c0c}}));
}

// Each pixel is its number in the whole picture.
TEST(Png, PutsInterlacedPicturesTogether) {
    constexpr unsigned kSize = 9;
    std::string lines;
    unsigned x0[] = {0, 4, 0, 2, 0, 1, 0}, y0[] = {0, 0, 4, 0, 2, 0, 1}, dx[] = {8, 8, 4, 4, 2, 2, 1}, dy[] = {8, 8, 8, 4, 4, 2, 2};
    for (int pass = 0; pass < 7; ++pass)
        for (unsigned y = y0[pass]; y < kSize; y += dy[pass]) {
            lines += '\0';
            for (unsigned x = x0[pass]; x < kSize; x += dx[pass]) lines += static_cast<char>(y * kSize + x);
        }
    Lines seen = read(make_png(kSize, kSize, 8, 0, lines, "", true));
    ASSERT_EQ(seen.size(), kSize);
    for (unsigned y = 0; y < kSize; ++y)
        for (unsigned x = 0; x < kSize; ++x) EXPECT_EQ(seen[y][x], (y * kSize + x) * 0x010101) << x << "," << y;
}

// Passes that have no pixels have no lines either.
TEST(Png, PutsTinyInterlacedPicturesTogether) {
    EXPECT_EQ(read(make_png(1, 1, 8, 0, bytes({0, 9}), "", true)), (Lines{{0x090909}}));
    EXPECT_EQ(read(make_png(1, 3, 8, 0, bytes({0, 1, 0, 3, 0, 2}), "", true)), (Lines{{0x010101}, {0x020202}, {0x030303}}));
}

TEST(Png, SkipsChunksThatItNeedNotUnderstand) {
    EXPECT_EQ(read(make_png(1, 1, 8, 0, bytes({0, 9}), png_chunk("tEXt", "hello") + png_chunk("gAMA", be32(45455)))), (Lines{{0x090909}}));
}

TEST(Png, RefusesWhatIsDamaged) {
    Pixels pixels;
    std::string good = make_png(1, 1, 8, 0, bytes({0, 9}));
    for (std::size_t size = 0; size < good.size(); ++size) EXPECT_FALSE(read(good.substr(0, size), pixels).ok()) << size;
    for (std::size_t at = 8; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] ^= 0x10;
        EXPECT_FALSE(read(bad, pixels).ok()) << at;
    }
    EXPECT_TRUE(pixels.seen.empty());
    EXPECT_EQ(&read("GIF89a and so on", pixels).failure(), &kNoPicture);
    EXPECT_EQ(&read(make_png(1, 1, 8, 0, bytes({5, 9})), pixels).failure(), &kBadPicture);                      // no such filter
    EXPECT_EQ(&read(make_png(1, 1, 3, 0, bytes({0, 9})), pixels).failure(), &kBadPicture);                      // no such depth
    EXPECT_EQ(&read(make_png(1, 1, 8, 0, bytes({0, 9}), png_chunk("NEED", "")), pixels).failure(), &kBadPicture);  // not known
    EXPECT_EQ(&read(make_png(1, 2, 8, 0, bytes({0, 9})), pixels).failure(), &kBadPicture);                      // a line short
}

TEST(Png, SaysWhenThereIsNoRoom) {
    Pixels pixels;
    EXPECT_EQ(&read(make_png(32768, 32768, 16, 6, bytes({0, 9})), pixels).failure(), &kBigPicture);
    EXPECT_EQ(&read(make_png(4, 4, 8, 0, std::string(20, '\0')), pixels, 10).failure(), &kBigPicture);
}

}  // namespace
}  // namespace scripts
