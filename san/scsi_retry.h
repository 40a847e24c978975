// Patience with one SCSI command: how often and how long it is tried again.
#pragma once

#include "san/scsi_sense.h"

namespace san {

class ScsiRetry {
  public:
    void reset() { *this = {}; }
    // What to do about the command after this verdict: Done, Retry (not before again_at()), StartUnit or Fail.
    ScsiAction decide(const ScsiVerdict& verdict, util::Instant now);
    util::Instant again_at() const { return again_at_; }
    // Whether the unit has been busy or not ready.
    bool busy() const { return busy_; }

  private:
    static constexpr std::uint8_t kMostQuickTries = 8;
    static constexpr util::Duration kBusyLimit = util::Duration::seconds(60);
    static constexpr util::Duration kFirstDelay = util::Duration::milliseconds(20);
    static constexpr util::Duration kLongestDelay = util::Duration::seconds(1);

    std::uint8_t quick_tries_ = 0;
    bool busy_ = false;
    util::Instant busy_since_, again_at_;
    util::Duration delay_ = kFirstDelay;
};

}  // namespace san
