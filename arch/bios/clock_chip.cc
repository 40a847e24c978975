// The time of day, from the clock chip (Motorola MC146818 data sheet). The BIOS's INT 1Ah AH=02h would need a mode switch and
// knows no more.
#include <platform/clock.h>
#include <platform/io.h>

#include "util/calendar.h"

namespace arch {
namespace {

constexpr std::uint8_t kSecond = 0x00, kMinute = 0x02, kHour = 0x04, kDay = 0x07, kMonth = 0x08, kYear = 0x09, kStatusA = 0x0a, kStatusB = 0x0b;
constexpr std::uint8_t kCentury = 0x32;  // where BIOSes keep it
constexpr std::uint8_t kUpdating = 0x80;

std::uint8_t read_register(std::uint8_t index) {
    constexpr std::uint16_t kIndex = 0x70, kData = 0x71;
    platform::out8(kIndex, index);
    return platform::in8(kData);
}

util::ClockChip read_chip() {
    return {read_register(kSecond), read_register(kMinute), read_register(kHour),    read_register(kDay),
            read_register(kMonth),  read_register(kYear),   read_register(kCentury), read_register(kStatusB)};
}

}  // namespace
}  // namespace arch

namespace platform {

std::int64_t clock_chip_time() {
    // Registers may change while they are read: two readings that agree were not caught at it. A chip that is not there
    // reads as updating for ever.
    constexpr unsigned kTries = 4;
    util::Instant give_up = now() + util::Duration::milliseconds(10);  // an update takes 2 ms
    util::ClockChip last{};
    for (unsigned i = 0; i < kTries; ++i) {
        while (arch::read_register(arch::kStatusA) & arch::kUpdating)
            if (now() >= give_up) return 0;
        util::ClockChip chip = arch::read_chip();
        if (i && chip == last) return util::to_unix_time(chip);
        last = chip;
    }
    return 0;
}

}  // namespace platform
