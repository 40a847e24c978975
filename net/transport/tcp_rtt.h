// Round-trip time and the retransmission timeout (RFC 6298).
#pragma once

#include <algorithm>

#include "util/time.h"

namespace net {

class TcpRtt {
  public:
    // RFC 6298 asks for a minimum of 1 s for fear of delayed acknowledgments of 500 ms; today's are at most 200 ms.
    static constexpr util::Duration kMinimum = util::Duration::milliseconds(300);
    static constexpr util::Duration kMaximum = util::Duration::seconds(60);
    static constexpr util::Duration kInitial = util::Duration::seconds(1);

    void sample(util::Duration rtt) {
        rtt = std::clamp(rtt, util::Duration::microseconds(1), kMaximum);
        if (!measured_) {
            smoothed_ = rtt;
            variation_ = rtt / 2;
            measured_ = true;
        } else {
            util::Duration error = rtt > smoothed_ ? rtt - smoothed_ : smoothed_ - rtt;
            variation_ = (variation_ * 3 + error) / 4;
            smoothed_ = (smoothed_ * 7 + rtt) / 8;
        }
        backoff_ = 0;
    }
    util::Duration timeout() const {
        util::Duration base = measured_ ? std::max(smoothed_ + variation_ * 4, kMinimum) : kInitial;
        return std::min(base * (1 << backoff_), kMaximum);
    }
    void back_off() {
        if (backoff_ < 6) ++backoff_;
    }
    void end_back_off() { backoff_ = 0; }
    // When the end of a flight should have been acknowledged, a peer's disk having taken its time (RFC 8985 section 7.2).
    util::Duration tail_timeout() const {
        return std::min(timeout(), smoothed_ * 2 + util::Duration::milliseconds(20));
    }

  private:
    util::Duration smoothed_, variation_;
    bool measured_ = false;
    unsigned backoff_ = 0;
};

}  // namespace net
