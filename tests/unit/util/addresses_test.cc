#include "util/addresses.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <vector>

namespace {

using Buffer = std::vector<std::uint8_t>;

constexpr std::uint32_t kUnlikely = 0xff100000, kFunctions[] = {8, 20, 33};

// 64 bytes of code, two strings at 64 and 68, objects from 72 to 120.
util::AddressImage shape(Buffer& bytes) { return {bytes.data(), 120, kUnlikely, 64, 72, kFunctions}; }

Buffer image_with(std::vector<std::pair<std::uint32_t, std::uint32_t>> words) {
    Buffer bytes(120, 0x90);
    std::memcpy(bytes.data() + 64, "one\0two", 8);
    for (auto [place, offset] : words) std::memcpy(bytes.data() + place, &offset, 4);
    return bytes;
}

std::vector<std::uint8_t> bytes_at(const Buffer& bytes, std::size_t place) {
    return {bytes.begin() + static_cast<std::ptrdiff_t>(place), bytes.begin() + static_cast<std::ptrdiff_t>(place) + 4};
}

TEST(Addresses, ComeBackRelocated) {
    Buffer bytes = image_with({{0, 64}, {5, 72}, {10, 8}, {30, 119}, {76, 68}, {80, 64}, {84, 20}, {90, 88}});
    Buffer expected = image_with({{0, 1064}, {5, 1072}, {10, 1008}, {30, 1119}, {76, 1068}, {80, 1064}, {84, 1020}, {90, 1088}});
    const std::uint32_t places[] = {0, 5, 10, 30, 76, 80, 84, 90};
    ASSERT_TRUE(util::addresses_encode(shape(bytes), places));
    util::addresses_decode(shape(bytes), 1000);
    EXPECT_EQ(bytes, expected);
}

TEST(Addresses, OfStringsInOrderAreAllTheSame) {
    Buffer bytes = image_with({{0, 64}, {4, 64}, {8, 68}});
    const std::uint32_t places[] = {0, 4, 8};
    ASSERT_TRUE(util::addresses_encode(shape(bytes), places));
    EXPECT_EQ(bytes_at(bytes, 0), bytes_at(bytes, 8));
    EXPECT_NE(bytes_at(bytes, 0), bytes_at(bytes, 4));  // named again
}

TEST(Addresses, OfFunctionsThatNobodyCallsAreTheNextOne) {
    Buffer bytes = image_with({{80, 8}, {84, 20}, {88, 33}});
    const std::uint32_t places[] = {80, 84, 88};
    ASSERT_TRUE(util::addresses_encode(shape(bytes), places));
    EXPECT_EQ(bytes_at(bytes, 80), bytes_at(bytes, 84));
    EXPECT_EQ(bytes_at(bytes, 80), bytes_at(bytes, 88));
}

TEST(Addresses, OfObjectsTellTheDistanceFromTheLastNewOne) {
    Buffer bytes = image_with({{0, 80}, {4, 88}, {8, 80}, {12, 96}});
    const std::uint32_t places[] = {0, 4, 8, 12};
    ASSERT_TRUE(util::addresses_encode(shape(bytes), places));
    EXPECT_EQ(bytes_at(bytes, 0), bytes_at(bytes, 4));
    EXPECT_EQ(bytes_at(bytes, 0), bytes_at(bytes, 12));
}

TEST(Addresses, AreRefusedWhenSomethingElseLooksLikeOne) {
    Buffer bytes = image_with({{40, 0x070010ff}});
    EXPECT_FALSE(util::addresses_encode(shape(bytes), {}));
}

TEST(Addresses, OfDamagedImagesStayInside) {
    std::mt19937 random(3);
    for (int round = 0; round < 500; ++round) {
        Buffer bytes(120);
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
        for (int i = 0; i < 20; ++i) {
            const std::uint8_t stands_for_something[] = {0xff, 0x0f, 0xf0, static_cast<std::uint8_t>(random() % 24)};
            std::memcpy(bytes.data() + random() % 117, stands_for_something, 4);
        }
        util::addresses_decode(shape(bytes), 1000);
    }
}

}  // namespace
