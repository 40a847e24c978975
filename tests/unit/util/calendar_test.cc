// Dates, the clock chip's registers, and the clock that NTP corrects.
#include "util/calendar.h"

#include <gtest/gtest.h>

#include "tests/host/host.h"
#include "util/wall_clock.h"

namespace util {
namespace {

TEST(Calendar, CountsSecondsSince1970) {
    EXPECT_EQ(to_unix_time(DateTime{1970, 1, 1}), 0);
    EXPECT_EQ(to_unix_time(DateTime{2000, 2, 29, 12, 0, 0}), 951825600);
    EXPECT_EQ(to_unix_time(DateTime{2000, 3, 1}), 951868800);
    EXPECT_EQ(to_unix_time(DateTime{2026, 11, 25, 2, 25, 25}), 1795573525);
    EXPECT_EQ(to_unix_time(DateTime{2038, 1, 19, 3, 14, 8}), std::int64_t{1} << 31);
    EXPECT_EQ(to_unix_time(DateTime{2100, 3, 1}), 4107542400);
    EXPECT_EQ(to_unix_time(DateTime{2199, 12, 31, 23, 59, 59}), 7258118399);
}

TEST(Calendar, ReadsTheClockChipInEveryFormat) {
    constexpr std::uint8_t kBinary = 4, k24Hours = 2;
    std::int64_t afternoon = to_unix_time(DateTime{2026, 11, 25, 14, 5, 9});
    EXPECT_EQ(to_unix_time(ClockChip{0x09, 0x05, 0x14, 0x25, 0x11, 0x26, 0x20, k24Hours}), afternoon);
    EXPECT_EQ(to_unix_time(ClockChip{9, 5, 14, 25, 11, 26, 20, kBinary | k24Hours}), afternoon);
    EXPECT_EQ(to_unix_time(ClockChip{0x09, 0x05, 0x82, 0x25, 0x11, 0x26, 0x20, 0}), afternoon);
    EXPECT_EQ(to_unix_time(ClockChip{9, 5, 0x82, 25, 11, 26, 20, kBinary}), afternoon);
    EXPECT_EQ(to_unix_time(ClockChip{0, 0, 0x12, 1, 1, 0, 0x20, 0}), to_unix_time(DateTime{2000, 1, 1}));       // midnight
    EXPECT_EQ(to_unix_time(ClockChip{0, 0, 0x92, 1, 1, 0, 0x20, 0}), to_unix_time(DateTime{2000, 1, 1, 12}));  // noon
    EXPECT_EQ(to_unix_time(ClockChip{0, 0, 0, 1, 1, 0x99, 0x19, k24Hours}), to_unix_time(DateTime{1999, 1, 1}));
    EXPECT_EQ(to_unix_time(ClockChip{0, 0, 0, 1, 1, 0x26, 0xff, k24Hours}), to_unix_time(DateTime{2026, 1, 1}));
}

TEST(Calendar, TakesNoDateFromRegistersThatHoldNone) {
    EXPECT_EQ(to_unix_time(ClockChip{}), 0);
    EXPECT_EQ(to_unix_time(ClockChip{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}), 0);
    EXPECT_EQ(to_unix_time(ClockChip{0, 0, 0x24, 1, 1, 0x26, 0x20, 2}), 0);
}

TEST(WallClock, RunsOnFromTheClockChipUntilItIsSet) {
    host::reset();
    host::set_clock_chip(1000000000);
    WallClock clock;
    EXPECT_EQ(clock.now(), 1000000000);
    EXPECT_FALSE(clock.is_set());
    host::advance(Duration::seconds(5));
    EXPECT_EQ(clock.now(), 1000000005);
    clock.set(1700000000);
    host::advance(Duration::seconds(2));
    EXPECT_EQ(clock.now(), 1700000002);
    EXPECT_TRUE(clock.is_set());
}

}  // namespace
}  // namespace util
