#include "util/mixing.h"

#include <algorithm>
#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include "util/tools/mixing_pack.h"
#include "util/x86_branches.h"

namespace {

using Buffer = std::vector<std::uint8_t>;

bool unpack(const Buffer& packed, Buffer& target, std::uint32_t code_size) {
    auto model = std::make_unique<util::MixingModel>();
    auto size = static_cast<std::uint32_t>(target.size());
    util::MixingInput input{packed.data(), static_cast<std::uint32_t>(packed.size()), code_size, size};
    return util::mixing_unpack(input, target.data(), size, *model);
}

// push ebp; call +n; jne over; add esp, 4; ret: again and again, then text.
Buffer sample() {
    Buffer bytes;
    for (std::uint8_t i = 0; i < 40; ++i) {
        const std::uint8_t code[] = {0x55, 0xe8, i, 0, 0, 0, 0x75, 0x03, 0x83, 0xc4, 0x04, 0xc3};
        bytes.insert(bytes.end(), std::begin(code), std::end(code));
    }
    for (char c : std::string("the quick brown fox jumps over the lazy dog, and the quick dog jumps over the fox"))
        bytes.push_back(static_cast<std::uint8_t>(c));
    return bytes;
}
constexpr std::uint32_t kSampleCode = 40 * 12;

Buffer packed_sample() { return tools::mixing_pack(sample(), kSampleCode, static_cast<std::uint32_t>(sample().size())); }

TEST(Mixing, UnpacksWhatWasPacked) {
    Buffer target(sample().size());
    Buffer packed = packed_sample();
    ASSERT_TRUE(unpack(packed, target, kSampleCode));
    EXPECT_EQ(target, sample());
    EXPECT_LT(packed.size(), sample().size() / 2);
}

TEST(Mixing, UnpacksWhatHasNoPattern) {
    std::mt19937 random(1);
    Buffer bytes(3000);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    Buffer target(bytes.size());
    Buffer packed = tools::mixing_pack(bytes, 1500, static_cast<std::uint32_t>(bytes.size()));
    ASSERT_TRUE(unpack(packed, target, 1500));
    EXPECT_EQ(target, bytes);
}

TEST(Mixing, RefusesAStreamThatEndsEarly) {
    Buffer packed = packed_sample();
    for (std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{20}, packed.size() / 2, packed.size() - 1}) {
        Buffer target(sample().size());
        EXPECT_FALSE(unpack(Buffer(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(size)), target, kSampleCode)) << size;
    }
}

TEST(Mixing, RefusesMoreContextsThanItHasRoomFor) {
    Buffer packed(100, 0x80);
    packed[0] = 60;
    Buffer target(10);
    EXPECT_FALSE(unpack(packed, target, 5));
}

TEST(Mixing, StaysInsideItsBuffersWithDamagedInput) {
    std::mt19937 random(1);
    for (int i = 0; i < 20; ++i) {
        Buffer damaged = packed_sample();
        damaged[random() % damaged.size()] ^= static_cast<std::uint8_t>(1 + random() % 255);
        Buffer target(random() % 900);
        (void)unpack(damaged, target, static_cast<std::uint32_t>(random() % 900));
    }
}

// Whole instructions, jumps among them, functions, and calls back to anywhere.
Buffer random_code(std::mt19937& random) {
    Buffer code;
    for (int i = 0; i < 60; ++i) {
        switch (random() % 5) {
        case 0: code.insert(code.end(), {0x8b, 0x44, 0x24, static_cast<std::uint8_t>(random())}); break;
        case 1: code.insert(code.end(), {0xe8, static_cast<std::uint8_t>(~(random() % std::min<std::size_t>(code.size() + 5, 256))),
                                             0xff, 0xff, 0xff});
            break;
        case 2: code.insert(code.end(), {0x75, 0x00}); break;
        case 3: code.push_back(0xcc); break;
        default: code.push_back(0x50); break;
        }
    }
    return code;
}

TEST(X86Branches, GiveBackWhatTheyWereGiven) {
    std::mt19937 random(2);
    for (int round = 0; round < 200; ++round) {
        Buffer code = random_code(random);
        Buffer filtered = code;
        auto size = static_cast<std::uint32_t>(code.size());
        std::vector<std::uint32_t> room(util::x86_branches_room(size));
        std::span<const std::uint32_t> uncalled;
        ASSERT_TRUE(util::x86_branches_encode(filtered.data(), size, room.data(), uncalled));
        std::vector<std::uint32_t> expected(uncalled.begin(), uncalled.end());
        uncalled = util::x86_branches_decode(filtered.data(), size, room.data());
        ASSERT_EQ(filtered, code);
        ASSERT_EQ(std::vector<std::uint32_t>(uncalled.begin(), uncalled.end()), expected);
    }
}

TEST(X86Branches, CountInstructionsThatJumpsSkip) {
    Buffer code = {0x75, 5, 0xb8, 1, 2, 3, 4, 0xc3, 0x0f, 0x84, 0xf9, 0xff, 0xff, 0xff, 0xc3, 0xc3, 0xc3, 0xc3};
    auto size = static_cast<std::uint32_t>(code.size());
    std::vector<std::uint32_t> room(util::x86_branches_room(size));
    std::span<const std::uint32_t> uncalled;
    ASSERT_TRUE(util::x86_branches_encode(code.data(), size, room.data(), uncalled));
    EXPECT_EQ(code[1], 1);        // past one instruction
    EXPECT_EQ(code[10], 0xfe);    // -2: to the ret before
}

TEST(X86Branches, NumberFunctionsAndForetellTheFirstCallOfEach) {
    Buffer code = {0xcc, 0xc3, 0xcc, 0xc3,                       // at 1 and 3
                   0xcc, 0xe8, 0xf9, 0xff, 0xff, 0xff,           // calls 3
                   0xe8, 0xf4, 0xff, 0xff, 0xff, 0xc3,           // 3 again
                   0xe8, 0xec, 0xff, 0xff, 0xff,                 // 1
                   0xe8, 0xf1, 0xff, 0xff, 0xff, 0xc3, 0xcc};    // 11, where no function begins
    Buffer before = code;
    auto size = static_cast<std::uint32_t>(code.size());
    std::vector<std::uint32_t> room(util::x86_branches_room(size));
    std::span<const std::uint32_t> uncalled;
    ASSERT_TRUE(util::x86_branches_encode(code.data(), size, room.data(), uncalled));
    EXPECT_EQ(code[9], 0);
    EXPECT_EQ(code[14], 2);
    EXPECT_EQ(code[20], 0);
    EXPECT_EQ(code[25], 5 + 11);
    ASSERT_EQ(uncalled.size(), 2u);  // what comes before the first function counts as one
    EXPECT_EQ(uncalled[1], 5u);
    util::x86_branches_decode(code.data(), size, room.data());
    EXPECT_EQ(code, before);
}

TEST(X86Branches, LeaveCodeAloneThatJumpsIntoAnInstruction) {
    Buffer code = {0x75, 1, 0xb8, 1, 2, 3, 4, 0xc3, 0x90, 0x90, 0x90, 0x90};
    Buffer before = code;
    std::vector<std::uint32_t> room(util::x86_branches_room(static_cast<std::uint32_t>(code.size())));
    std::span<const std::uint32_t> uncalled;
    EXPECT_FALSE(util::x86_branches_encode(code.data(), static_cast<std::uint32_t>(code.size()), room.data(), uncalled));
    EXPECT_EQ(code, before);
}

}  // namespace
