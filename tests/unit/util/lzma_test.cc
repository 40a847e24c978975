#include "util/lzma.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include "util/x86_filter.h"

namespace {

using Buffer = std::vector<std::uint8_t>;

// "the quick brown fox " five times, then "jumps" and a zero: liblzma, raw LZMA1, lc=3 lp=0 pb=2.
constexpr std::uint8_t kProperties = (2 * 5 + 0) * 9 + 3;
constexpr std::uint8_t kPacked[] = {
    0x00, 0x3a, 0x1a, 0x08, 0xce, 0x76, 0xc7, 0xe5, 0xe9, 0xd6, 0x07, 0x34, 0xc3, 0xd1, 0x0e, 0xbf,
    0xce, 0x55, 0xe1, 0xaa, 0xbd, 0xe1, 0x18, 0xcb, 0xb7, 0x95, 0xbf, 0x9d, 0x6f, 0xbf, 0x0f, 0xd1,
    0x25, 0x5b, 0xff, 0xff, 0xa7, 0x4c, 0x00, 0x00,
};
constexpr std::uint32_t kUnpackedSize = 106;

Buffer expected() {
    std::string text;
    for (int i = 0; i < 5; ++i) text += "the quick brown fox ";
    text += "jumps";
    return Buffer(text.c_str(), text.c_str() + text.size() + 1);
}

bool unpack(const Buffer& packed, Buffer& target, std::uint8_t properties = kProperties) {
    auto workspace = std::make_unique<util::LzmaWorkspace>();
    util::LzmaInput input{packed.data(), static_cast<std::uint32_t>(packed.size()), properties};
    return util::lzma_unpack(input, target.data(), static_cast<std::uint32_t>(target.size()), *workspace);
}

const Buffer kSample(std::begin(kPacked), std::end(kPacked));

TEST(Lzma, UnpacksWhatLiblzmaPacked) {
    Buffer target(kUnpackedSize);
    ASSERT_TRUE(unpack(kSample, target));
    EXPECT_EQ(target, expected());
}

TEST(Lzma, RefusesAStreamThatEndsEarly) {
    for (std::size_t size = 0; size + 8 < kSample.size(); ++size) {
        Buffer target(kUnpackedSize);
        EXPECT_FALSE(unpack(Buffer(kSample.begin(), kSample.begin() + static_cast<std::ptrdiff_t>(size)), target)) << size;
    }
}

TEST(Lzma, RefusesPropertiesItHasNoTablesFor) {
    Buffer target(kUnpackedSize);
    EXPECT_FALSE(unpack(kSample, target, 225));
    EXPECT_FALSE(unpack(kSample, target, (0 * 5 + 4) * 9 + 1));
}

TEST(Lzma, StaysInsideItsBuffersWithDamagedInput) {
    std::mt19937 random(1);
    for (int i = 0; i < 2000; ++i) {
        Buffer damaged = kSample;
        damaged[random() % damaged.size()] ^= static_cast<std::uint8_t>(1 + random() % 255);
        Buffer target(random() % 300);
        (void)unpack(damaged, target);
    }
}

TEST(X86Filter, GivesBackWhatItWasGiven) {
    std::mt19937 random(2);
    for (int round = 0; round < 500; ++round) {
        Buffer code(random() % 400);
        for (auto& byte : code) {
            unsigned kind = random() % 4;  // many branches, many small and negative distances
            byte = kind == 0 ? 0xe8 : kind == 1 ? 0x00 : kind == 2 ? 0xff : static_cast<std::uint8_t>(random());
        }
        Buffer filtered = code;
        util::x86_filter_encode(filtered.data(), static_cast<std::uint32_t>(filtered.size()));
        util::x86_filter_decode(filtered.data(), static_cast<std::uint32_t>(filtered.size()));
        ASSERT_EQ(filtered, code);
    }
}

TEST(X86Filter, MakesCallsOfOneFunctionLookTheSame) {
    Buffer code(64, 0x90);
    for (std::uint32_t at : {0u, 20u, 40u}) {
        std::int32_t relative = 50 - static_cast<std::int32_t>(at);
        code[at] = 0xe8;
        std::memcpy(&code[at + 1], &relative, 4);
    }
    util::x86_filter_encode(code.data(), 64);
    EXPECT_EQ(std::memcmp(&code[0], &code[20], 5), 0);
    EXPECT_EQ(std::memcmp(&code[0], &code[40], 5), 0);
}

}  // namespace
