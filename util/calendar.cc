#include "util/calendar.h"

namespace util {

std::int64_t to_unix_time(const DateTime& date) {
    // Years begin in March here, so that the leap day is a year's last.
    std::uint32_t month = (date.month + 9) % 12, year = date.year - (date.month < 3);
    std::uint32_t days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + date.day - 1;
    constexpr std::uint32_t kDaysUntil1970 = 719468;  // from the first of March of the year 0
    std::uint32_t seconds = (date.hour * 60 + date.minute) * 60 + date.second;
    return std::int64_t{days - kDaysUntil1970} * 86400 + seconds;
}

DateTime from_unix_time(std::int64_t unix_time) {
    constexpr std::uint32_t kDay = 86400, kDaysOf4Years = 1461, kDaysOf400Years = 146097, kDaysUntil1970 = 719468;
    auto seconds = static_cast<std::uint64_t>(unix_time < 0 ? 0 : unix_time);
    auto days = static_cast<std::uint32_t>(seconds / kDay) + kDaysUntil1970, second = static_cast<std::uint32_t>(seconds % kDay);
    std::uint32_t era = days / kDaysOf400Years, day_of_era = days % kDaysOf400Years;
    std::uint32_t year = (day_of_era - day_of_era / (kDaysOf4Years - 1) + day_of_era / 36524 - day_of_era / (kDaysOf400Years - 1)) / 365;
    std::uint32_t day = day_of_era - (year * 365 + year / 4 - year / 100);
    std::uint32_t month = (day * 5 + 2) / 153;  // from March
    DateTime date{era * 400 + year + (month >= 10), month < 10 ? month + 3 : month - 9, day - (month * 153 + 2) / 5 + 1};
    date.hour = second / 3600;
    date.minute = second / 60 % 60;
    date.second = second % 60;
    return date;
}

std::int64_t to_unix_time(const ClockChip& chip) {
    constexpr std::uint8_t kBinary = 1u << 2, k24Hours = 1u << 1, kAfternoon = 0x80;
    auto number = [&](std::uint8_t value) -> std::uint32_t {
        return chip.status_b & kBinary ? value : (value >> 4) * 10u + (value & 15);
    };
    DateTime date{number(chip.year), number(chip.month), number(chip.day), number(chip.hour), number(chip.minute), number(chip.second)};
    if (!(chip.status_b & k24Hours)) {
        date.hour = number(chip.hour & ~kAfternoon) % 12;
        if (chip.hour & kAfternoon) date.hour += 12;
    }
    // A century that was never set: this firmware is of the twenty-first.
    std::uint32_t century = number(chip.century);
    date.year += (century == 19 || century == 21 ? century : 20) * 100;
    bool sensible = date.year >= 1970 && date.month - 1 < 12 && date.day - 1 < 31 && date.hour < 24 && date.minute < 60 && date.second < 60;
    return sensible ? to_unix_time(date) : 0;
}

}  // namespace util
