#include "net/transport/tcp_scoreboard.h"

#include <algorithm>

namespace net {

bool TcpScoreboard::add(TcpRange range) {
    std::uint8_t first = 0;
    while (first < count_ && ranges_[first].end < range.begin) ++first;
    std::uint8_t last = first;
    if (first < count_ && ranges_[first].begin <= range.begin && range.end <= ranges_[first].end) return false;
    while (last < count_ && ranges_[last].begin <= range.end) {
        if (ranges_[last].begin < range.begin) range.begin = ranges_[last].begin;
        if (ranges_[last].end > range.end) range.end = ranges_[last].end;
        ++last;
    }
    if (first == last) {
        if (count_ == kRanges) return false;
        std::move_backward(ranges_.begin() + first, ranges_.begin() + count_, ranges_.begin() + count_ + 1);
        ++count_;
    } else {
        std::move(ranges_.begin() + last, ranges_.begin() + count_, ranges_.begin() + first + 1);
        count_ = static_cast<std::uint8_t>(count_ - (last - first - 1));
    }
    ranges_[first] = range;
    return true;
}

void TcpScoreboard::acknowledge(TcpSequence to) {
    std::uint8_t gone = 0;
    while (gone < count_ && ranges_[gone].end <= to) ++gone;
    std::move(ranges_.begin() + gone, ranges_.begin() + count_, ranges_.begin());
    count_ = static_cast<std::uint8_t>(count_ - gone);
    if (count_ && ranges_[0].begin < to) ranges_[0].begin = to;
}

std::uint32_t TcpScoreboard::bytes_below(TcpSequence limit) const {
    std::uint32_t sum = 0;
    for (std::uint8_t i = 0; i < count_ && ranges_[i].begin < limit; ++i) {
        TcpSequence end = ranges_[i].end < limit ? ranges_[i].end : limit;
        sum += static_cast<std::uint32_t>(end - ranges_[i].begin);
    }
    return sum;
}

TcpRange TcpScoreboard::hole(TcpSequence from, TcpSequence limit) const {
    for (std::uint8_t i = 0; i < count_; ++i) {
        if (from < ranges_[i].begin) return {from, ranges_[i].begin < limit ? ranges_[i].begin : limit};
        if (from < ranges_[i].end) from = ranges_[i].end;
    }
    return {from, limit};
}

}  // namespace net
