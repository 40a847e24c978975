// The time of day: the machine's clock chip, corrected by whoever knows better (NTP). Whoever needs a date (certificates,
// "${unixtime}") is given this one.
#pragma once

#include <platform/clock.h>

namespace util {

class WallClock {
  public:
    // Seconds since 1970, UTC. Near 0 when the machine has no clock and nobody has told the time.
    std::int64_t now() const { return platform::clock_chip_time() + correction_; }
    void set(std::int64_t unix_time) {
        correction_ = unix_time - platform::clock_chip_time();
        is_set_ = true;
    }
    bool is_set() const { return is_set_; }

  private:
    std::int64_t correction_ = 0;
    bool is_set_ = false;
};

}  // namespace util
