// Places for what is started, and the order of copying: checked by doing it.
#include "scripts/images/layout.h"

#include <random>

#include "tests/unit/scripts/image_fixture.h"

namespace scripts {
namespace {

constexpr std::uint32_t kMiB = 1 << 20;

struct LayoutTest : ImageFixture {
    LayoutTest() { plan.emplace(); }
    Layout layout{plan.emplace()};
    util::Bytes bytes(std::uint32_t address, std::size_t size, char fill) {
        std::memset(platform::memory_at(address), fill, size);
        return {platform::memory_at(address), size};
    }
};

TEST_F(LayoutTest, FindsTheHighestPlaceBelowALimit) {
    EXPECT_EQ(layout.find_high(kMiB, 4096, Layout::kNoLimit).take(), 127 * kMiB);
    EXPECT_EQ(layout.find_high(kMiB, 4096, 64 * kMiB + 5).take(), 63 * kMiB);
    ASSERT_TRUE(layout.reserve(100 * kMiB, 28 * kMiB).ok());
    ASSERT_TRUE(layout.reserve(98 * kMiB, kMiB).ok());
    EXPECT_EQ(layout.find_high(kMiB, 4096, Layout::kNoLimit).take(), 99 * kMiB);
    EXPECT_EQ(layout.find_high(2 * kMiB, 4096, Layout::kNoLimit).take(), 96 * kMiB);
}

TEST_F(LayoutTest, SaysHowMuchWasNeededAndHowMuchThereIs) {
    ASSERT_TRUE(layout.reserve(30 * kMiB, 10 * kMiB).ok());
    EXPECT_EQ(&layout.find_high(100 * kMiB, 4096, Layout::kNoLimit).failure(), &kNoRoom);
    EXPECT_EQ(detail(), "needs 100 MiB, 88 MiB are free");
}

TEST_F(LayoutTest, RefusesWhatIsNoMemoryOrTaken) {
    EXPECT_FALSE(layout.put(200 * kMiB, 4096, {}).ok());
    EXPECT_FALSE(layout.put(0x9b000, 4096, {}).ok()) << "above what INT 12h says";
    EXPECT_FALSE(layout.put(0x400, 16, {}).ok());
    EXPECT_FALSE(layout.put(UINT32_MAX - 5, 16, {}).ok());
    ASSERT_TRUE(layout.put(kMiB, 4096, {}).ok());
    EXPECT_FALSE(layout.put(kMiB + 4095, 1, {}).ok());
    EXPECT_EQ(detail(), "it needs 1 KiB at address 0x100fff, where another part of it goes");
    EXPECT_TRUE(layout.put(kMiB + 4096, 1, {}).ok());
}

TEST_F(LayoutTest, SwapsTwoBlocks) {
    util::Bytes a = bytes(2 * kMiB, kMiB, 'a'), b = bytes(4 * kMiB, kMiB, 'b');
    ASSERT_TRUE(layout.put(4 * kMiB, kMiB, a).ok());
    ASSERT_TRUE(layout.put(2 * kMiB, kMiB, b).ok());
    ASSERT_TRUE(layout.arrange().ok());
    carry_out();
    EXPECT_EQ(at(2 * kMiB, kMiB), std::string(kMiB, 'b'));
    EXPECT_EQ(at(4 * kMiB, kMiB), std::string(kMiB, 'a'));
    EXPECT_EQ(plan->blocks.size(), 3u);
}

TEST_F(LayoutTest, BringsShuffledBlocksToTheirPlaces) {
    std::mt19937 random(1);
    for (int round = 0; round < 300; ++round) {
        BootPlan& fresh = plan.emplace();
        Layout shuffled(fresh);
        struct Wanted {
            std::uint32_t target, size, kept;
            char fill;
        };
        std::vector<Wanted> wanted;
        std::vector<util::Bytes> sources;
        std::uint32_t count = 2 + random() % 8, from = 2 * kMiB;
        for (std::uint32_t i = 0; i < count; ++i) {
            from += random() % 3000;
            sources.push_back(bytes(from, 1 + random() % 9000, static_cast<char>('A' + i)));
            from += static_cast<std::uint32_t>(sources.back().size());
        }
        std::shuffle(sources.begin(), sources.end(), random);
        std::uint32_t to = 2 * kMiB + random() % 4000;
        for (util::Bytes source : sources) {
            auto kept = static_cast<std::uint32_t>(source.size()), size = kept + static_cast<std::uint32_t>(random() % 500);
            ASSERT_TRUE(shuffled.put(to, size, source).ok());
            wanted.push_back({to, size, kept, static_cast<char>(source[0])});
            to += size + static_cast<std::uint32_t>(random() % 2000);
        }
        ASSERT_TRUE(shuffled.arrange().ok());
        EXPECT_LE(fresh.blocks.size(), 2 * count);
        carry_out();
        for (const Wanted& block : wanted)
            ASSERT_EQ(at(block.target, block.size), std::string(block.kept, block.fill) + std::string(block.size - block.kept, '\0'))
                << "round " << round;
    }
}

}  // namespace
}  // namespace scripts
