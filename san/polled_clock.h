// A clock for patience: it stands still while nobody polls. Below an operating system minutes may pass between two
// INT 13h calls, and that is no sign of a silent target.
#pragma once

#include <algorithm>

#include "util/time.h"

namespace san {

class PolledClock {
  public:
    bool started() const { return started_; }
    void advance(util::Instant real) {
        if (started_) time_ = time_ + std::clamp(real - last_poll_, util::Duration(), kLongestGap);
        started_ = true;
        last_poll_ = real;
    }
    util::Instant now() const { return time_; }
    // In real time: the latest that the next poll may come for the clock not to fall behind.
    util::Instant next_tick() const { return last_poll_ + kLongestGap; }
    // In real time: when this clock will show `at`, or next_tick() when that is sooner.
    util::Instant real(util::Instant at) const {
        return std::min(last_poll_ + std::max(at - time_, util::Duration()), next_tick());
    }

  private:
    // A longer gap between two polls counts as this much.
    static constexpr util::Duration kLongestGap = util::Duration::seconds(1);
    util::Instant time_, last_poll_;
    bool started_ = false;
};

}  // namespace san
