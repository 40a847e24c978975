// Where images go in RAM.
#include "scripts/images/image_memory.h"

#include "tests/unit/scripts/image_fixture.h"

namespace scripts {
namespace {

constexpr std::uint32_t kMiB = 1 << 20;

struct ImageMemory : ImageFixture {};

TEST_F(ImageMemory, PacksImagesFromTheBottomOnPages) {
    EXPECT_EQ(add("a", "first").place().base, kMiB);
    EXPECT_EQ(add("b", std::string(4096, 'b')).place().base, kMiB + 4096);
    EXPECT_EQ(add("c", "third").place().base, kMiB + 2 * 4096);
}

TEST_F(ImageMemory, UsesTheLowestGapThatIsLargeEnough) {
    add("a", std::string(10000, 'a'));
    Image& hole = add("b", std::string(10000, 'b'));
    add("c", std::string(10000, 'c'));
    images.free(hole);
    EXPECT_EQ(find_gap(images.images(), 12288).base, kMiB + 12288);
    EXPECT_EQ(find_gap(images.images(), 12289).base, kMiB + 3 * 12288);
    EXPECT_EQ(find_gap(images.images(), 0).base, kMiB + 3 * 12288) << "of unknown size: where there is most";
    EXPECT_EQ(find_gap(images.images(), 200 * kMiB).size, 127 * kMiB - 3 * 12288) << "the largest, to say how much there is";
}

TEST_F(ImageMemory, KeepsOutOfHolesAndOfMemoryAbove4GiB) {
    host::memory().map = {{0u, 0xa0000u, platform::kRam},
                          {0x100000u, 14u * kMiB, platform::kRam},
                          {0xf00000u, kMiB, 2u},
                          {0x1000000u, 64u * kMiB, platform::kRam},
                          {std::uint64_t{1} << 32, std::uint64_t{1} << 32, platform::kRam}};
    EXPECT_EQ(find_gap(images.images(), 0).base, 16 * kMiB);
    EXPECT_EQ(find_gap(images.images(), 14 * kMiB).base, kMiB);
    EXPECT_EQ(find_gap(images.images(), 15 * kMiB).base, 16 * kMiB);
    EXPECT_LT(find_gap(images.images(), 65 * kMiB).size, 65 * kMiB);
}

TEST_F(ImageMemory, ScriptsMoveToTheHeap) {
    Image& script = add("boot.ipxe", "#!ipxe\necho hello\n");
    EXPECT_EQ(script.place().size, 0u);
    std::memset(platform::memory_at(kMiB), 0, 100);
    EXPECT_EQ(script.content(), "#!ipxe\necho hello\n");
    add("kernel", "not a script");
    images.free_ram();
    EXPECT_NE(images.find("boot.ipxe"), nullptr);
    EXPECT_EQ(images.find("kernel"), nullptr);
}

TEST_F(ImageMemory, ForgetsTheSelectedImageWithTheImage) {
    Image& kernel = add("kernel", "k");
    images.select(kernel);
    add("kernel", "another one of that name");
    EXPECT_EQ(images.selected(), nullptr);
    Image& autofreed = add("x", "x");
    images.select(autofreed);
    autofreed.free_after_use();
    { ImageUse use(images, autofreed); }
    EXPECT_EQ(images.selected(), nullptr);
    EXPECT_EQ(images.find("x"), nullptr);
}

}  // namespace
}  // namespace scripts
