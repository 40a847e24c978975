// What the peer has selectively acknowledged of the data in flight (RFC 2018, RFC 6675), as a few sorted ranges.
#pragma once

#include <array>

#include "net/wire/tcp.h"

namespace net {

class TcpScoreboard {
  public:
    static constexpr std::size_t kRanges = 16;

    bool empty() const { return count_ == 0; }
    void clear() { count_ = 0; }
    // Notes a range; more than kRanges apart are forgotten, which costs a retransmission, no more. True when new.
    bool add(TcpRange range);
    // Forgets what is below the cumulative acknowledgment.
    void acknowledge(TcpSequence to);
    // Bytes acknowledged selectively.
    std::uint32_t bytes() const { return count_ ? bytes_below(highest()) : 0; }
    std::uint32_t bytes_below(TcpSequence limit) const;
    TcpSequence highest() const { return ranges_[count_ - 1].end; }
    // The first byte at or after `from` that is not acknowledged, and where that hole ends (at most at `limit`).
    TcpRange hole(TcpSequence from, TcpSequence limit) const;

  private:
    std::array<TcpRange, kRanges> ranges_;
    std::uint8_t count_ = 0;
};

}  // namespace net
