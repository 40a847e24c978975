// Dates as seconds since 1970 (UTC), and what a PC's clock chip says.
#pragma once

#include <cstdint>

namespace util {

struct DateTime {
    std::uint32_t year = 1970;
    std::uint32_t month = 1, day = 1;  // from 1
    std::uint32_t hour = 0, minute = 0, second = 0;
};

// Seconds since 1970 of a date of the Gregorian calendar, from 1970 on. Fields out of range count on: the 32nd is the next month's first.
std::int64_t to_unix_time(const DateTime& date);
// The other way round; before 1970 it is 1970.
DateTime from_unix_time(std::int64_t unix_time);

// Registers of the Motorola MC146818 as PC BIOSes use them: the data sheet's time and date registers, status register B, and the
// century, which BIOSes keep at 32h.
struct ClockChip {
    std::uint8_t second = 0, minute = 0, hour = 0, day = 0, month = 0, year = 0, century = 0;
    std::uint8_t status_b = 0;
    friend bool operator==(const ClockChip&, const ClockChip&) = default;
};

// Seconds since 1970, the chip taken to run on UTC. 0 when its registers hold no date.
std::int64_t to_unix_time(const ClockChip& chip);

}  // namespace util
