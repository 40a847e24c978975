// Congestion control: slow start, congestion avoidance and the window in recovery (RFC 5681, RFC 6582, initial window of
// RFC 6928). Counts bytes.
#pragma once

#include <algorithm>
#include <cstdint>

namespace net {

class TcpCongestion {
  public:
    void start(std::uint32_t mss) {
        mss_ = mss;
        window_ = std::min<std::uint32_t>(10 * mss, std::max<std::uint32_t>(2 * mss, 14600));
        threshold_ = UINT32_MAX;
    }
    void set_mss(std::uint32_t mss) { mss_ = mss; }
    std::uint32_t window() const { return window_; }

    // New data was acknowledged, outside of recovery.
    void acknowledged(std::uint32_t bytes) {
        if (window_ < threshold_) {
            window_ += bytes;
        } else {
            avoided_ += bytes;
            if (avoided_ >= window_) {
                avoided_ -= window_;
                window_ += mss_;
            }
        }
        window_ = std::min<std::uint32_t>(window_, 1 << 30);
    }
    void enter_recovery(std::uint32_t in_flight) {
        threshold_ = std::max(in_flight / 2, 2 * mss_);
        window_ = threshold_;
        avoided_ = 0;
    }
    void timed_out(std::uint32_t in_flight) {
        threshold_ = std::max(in_flight / 2, 2 * mss_);
        window_ = mss_;
        avoided_ = 0;
    }

  private:
    std::uint32_t mss_ = 536;
    std::uint32_t window_ = 0;
    std::uint32_t threshold_ = UINT32_MAX;
    std::uint32_t avoided_ = 0;
};

}  // namespace net
