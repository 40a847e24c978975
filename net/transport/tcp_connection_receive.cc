// What a connection does with a segment, in the order of RFC 9293 section 3.10.7.
#include <algorithm>

#include "net/transport/tcp_connection.h"

namespace net {

using namespace tcp_control;

// So many full segments are acknowledged by twos at first and after a loss (RFC 5681 section 4.2).
static constexpr std::uint8_t kQuickSegments = 32;

static constexpr unsigned kDuplicateThreshold = 3;  // RFC 5681 section 3.2

// RFC 7323 section 5.5: a timestamp older than this says nothing.
static constexpr util::Duration kTimestampLife = util::Duration::seconds(24 * 24 * 3600);

void TcpConnection::receive(const TcpSegment& segment, Packet&& payload, util::Instant now) {
    if (state_ == State::Closed) return;
    if (state_ == State::SynSent) return receive_syn_sent(segment, now);

    std::size_t length = payload.size();
    if (!check_timestamps(segment, now)) return;
    if (!acceptable(segment, length)) {
        if (!segment.has(kRst)) challenge(now);
        return;
    }
    if (!check_controls(segment, now)) return;
    heard_at_ = now;
    keepalive_probes_ = 0;
    if (!in_flight()) timeouts_in_row_ = 0;  // an answer to a window probe
    if (!process_acknowledgment(segment, length > 0 || segment.has(kFin), now)) return;
    note_timestamp(segment, now);
    if (state_ == State::Closed) return;
    bool had_early = received_.has_early();
    TcpSequence end = segment.sequence + static_cast<std::uint32_t>(length);
    if (segment.has(kFin) && !fin_seen_ && end <= advertised_end_) {
        fin_seen_ = true;
        fin_at_ = end;
    }
    if (length) process_payload(segment, std::move(payload), now);
    if (fin_seen_) process_fin(segment, now);
    if (acknowledge_ == Acknowledge::Now && (had_early || received_.has_early() || fin_received_)) send_acknowledgment(now);
}

void TcpConnection::receive_syn_sent(const TcpSegment& segment, util::Instant now) {
    bool ours = segment.has(kAck) && segment.acknowledgment == initial_ + 1;
    if (segment.has(kAck) && !ours) {
        if (!segment.has(kRst)) send_control(kRst, segment.acknowledgment, now);
        return;
    }
    if (segment.has(kRst)) {
        if (ours) fail(kTcpRefused);
        return;
    }
    // A SYN alone would be a simultaneous open, which a client of servers never sees.
    if (!segment.has(kSyn) || !ours) return;

    receive_next_ = segment.sequence + 1;
    advertised_end_ = receive_next_ + static_cast<std::uint32_t>(std::min<std::size_t>(window_available(), 0xffff));
    unacknowledged_ = segment.acknowledgment;
    next_ = highest_ = unacknowledged_;
    window_scaling_ = segment.window_shift.has_value();
    send_shift_ = segment.window_shift.value_or(0);
    if (!window_scaling_) receive_shift_ = 0;
    quick_segments_ = kQuickSegments;
    last_acknowledgment_sent_ = receive_next_;
    timestamps_ = segment.timestamps.has_value();
    sack_ = segment.sack_permitted;
    if (timestamps_) {
        recent_timestamp_ = segment.timestamps->value;
        recent_timestamp_at_ = now;
    }
    // RFC 9293 section 3.7.1: 536 when the peer says nothing. A hostile tiny one would make us send forever.
    std::uint16_t peer_mss = std::max<std::uint16_t>(segment.mss.value_or(536), 88);
    mss_ = static_cast<std::uint16_t>(std::min(peer_mss, our_mss_) - (timestamps_ ? 12 : 0));
    congestion_.start(mss_);
    send_window_ = largest_window_ = segment.window;
    window_update_sequence_ = segment.sequence;
    window_update_acknowledgment_ = segment.acknowledgment;
    if (timing_) take_round_trip(now - timed_at_, now);
    timing_ = false;
    rtt_.end_back_off();
    timer_ = util::Instant::never();
    heard_at_ = now;
    timeouts_in_row_ = 0;
    state_ = State::Established;
    send_acknowledgment(now);
}

bool TcpConnection::acceptable(const TcpSegment& segment, std::size_t length) const {
    std::uint32_t span = static_cast<std::uint32_t>(length) + (segment.has(kFin) ? 1 : 0);
    // The edge itself counts: there a peer is that has filled the window, if a part of that was lost on the way, and there
    // a probe of a closed window is. Of data that come there only the acknowledgment is used.
    TcpSequence edge = std::max(advertised_end_, receive_next_);
    return segment.sequence <= edge && segment.sequence + std::max(span, 1u) > receive_next_;
}

// PAWS (RFC 7323 section 5).
bool TcpConnection::check_timestamps(const TcpSegment& segment, util::Instant now) {
    if (!timestamps_) return true;
    if (!segment.timestamps) return segment.has(kRst);  // section 3.2
    bool older = static_cast<std::int32_t>(segment.timestamps->value - recent_timestamp_) < 0;
    if (older && !segment.has(kRst) && now - recent_timestamp_at_ < kTimestampLife) {
        challenge(now);
        return false;
    }
    return true;
}

// Of segments that are in the window and acknowledge something real; from others it would let anybody shut the peer out.
void TcpConnection::note_timestamp(const TcpSegment& segment, util::Instant now) {
    if (!timestamps_ || segment.sequence > last_acknowledgment_sent_) return;
    recent_timestamp_ = segment.timestamps->value;
    recent_timestamp_at_ = now;
}

// RST and SYN, against blind attacks (RFC 5961 sections 3 and 4).
bool TcpConnection::check_controls(const TcpSegment& segment, util::Instant now) {
    if (segment.has(kRst)) {
        if (segment.sequence != receive_next_) challenge(now);
        else if (state_ == State::TimeWait || state_ == State::LastAck || state_ == State::Closing) state_ = State::Closed;
        else fail(kTcpReset);
        return false;
    }
    if (segment.has(kSyn)) {
        challenge(now);
        return false;
    }
    return segment.has(kAck);
}

void TcpConnection::challenge(util::Instant now) {
    if (output_.allow_challenge(now)) send_acknowledgment(now);
}

bool TcpConnection::process_acknowledgment(const TcpSegment& segment, bool carries_data, util::Instant now) {
    TcpSequence acknowledgment = segment.acknowledgment;
    // RFC 5961 section 5.2.
    if (acknowledgment > highest_ || acknowledgment < unacknowledged_ - largest_window_) {
        challenge(now);
        return false;
    }
    std::uint32_t window = std::uint32_t{segment.window} << send_shift_;
    bool same_window = window == send_window_;
    if (window_update_sequence_ < segment.sequence ||
        (window_update_sequence_ == segment.sequence && window_update_acknowledgment_ <= acknowledgment)) {
        if (send_window_ == 0 && window > 0 && !in_flight()) {  // probing is over
            timer_ = util::Instant::never();
            rtt_.end_back_off();
        }
        send_window_ = window;
        largest_window_ = std::max(largest_window_, window);
        window_update_sequence_ = segment.sequence;
        window_update_acknowledgment_ = acknowledgment;
    }
    bool selectively = false;
    if (sack_) {
        for (std::uint8_t i = 0; i < segment.sack_count; ++i) {
            const TcpRange& block = segment.sack_blocks[i];
            if (block.begin > unacknowledged_ && block.begin < block.end && block.end <= highest_)
                selectively |= scoreboard_.add(block);
        }
    }
    if (acknowledgment > unacknowledged_) {
        advance(acknowledgment, segment, now);
    } else if (acknowledgment == unacknowledged_ && in_flight() && (selectively || (same_window && !carries_data))) {
        duplicate_acknowledgment(now);
    }
    return true;
}

void TcpConnection::advance(TcpSequence acknowledgment, const TcpSegment& segment, util::Instant now) {
    std::uint32_t count = static_cast<std::uint32_t>(acknowledgment - unacknowledged_);
    bool fin = count > send_queue_.size();  // nothing but our FIN is behind the queue
    send_queue_.acknowledge(count - (fin ? 1 : 0));
    unacknowledged_ = acknowledgment;
    if (next_ < unacknowledged_) next_ = unacknowledged_;
    scoreboard_.acknowledge(unacknowledged_);
    timeouts_in_row_ = 0;
    // Commands are shorter, and those may wait for a disk.
    tail_ = sack_ && in_flight() && count >= mss_ ? Tail::Watched : Tail::Unknown;

    if (timestamps_) {  // then the segment has them: check_timestamps() has seen to that
        std::int64_t elapsed = output_.timestamp(now) - segment.timestamps->echo;
        take_round_trip(util::Duration::microseconds(elapsed * 1024), now);
    } else if (timing_ && acknowledgment > timed_) {
        take_round_trip(now - timed_at_, now);
        timing_ = false;
    }
    rtt_.end_back_off();

    if (in_recovery_ && acknowledgment >= recovery_point_) in_recovery_ = false;
    if (in_recovery_) {
        // A partial acknowledgment: the next hole is lost too (RFC 6582 section 3.2).
        duplicate_acknowledgments_ = duplicate_acknowledgments_ > 1 ? duplicate_acknowledgments_ - 1 : 0;
        if (retransmitted_to_ < unacknowledged_ || !sack_) retransmitted_to_ = unacknowledged_;
        retransmit_hole(now);
        repair(now);
    } else {
        duplicate_acknowledgments_ = 0;
        congestion_.acknowledged(count);
    }
    if (in_flight()) arm_timer(now);
    else timer_ = util::Instant::never();
    if (fin) our_fin_acknowledged(now);
}

// Not of answers that have waited for somebody to poll: they would make timeouts as long as that. What the peer has made up
// is mostly longer than the connection is there.
void TcpConnection::take_round_trip(util::Duration time, util::Instant now) {
    if (now - time >= resumed_at_) rtt_.sample(time);
}

void TcpConnection::our_fin_acknowledged(util::Instant now) {
    fin_acknowledged_ = true;
    if (state_ == State::FinWait1) state_ = State::FinWait2;
    else if (state_ == State::Closing) enter_time_wait(now);
    else if (state_ == State::LastAck) state_ = State::Closed;
}

void TcpConnection::duplicate_acknowledgment(util::Instant now) {
    ++duplicate_acknowledgments_;
    if (!in_recovery_) {
        bool lost = duplicate_acknowledgments_ >= kDuplicateThreshold || tail_ == Tail::Probed ||
                    (sack_ && scoreboard_.bytes() >= kDuplicateThreshold * mss_);
        // After a timeout or recovery they may be duplicates of our own making (RFC 6582 section 3.2, step 2), unless they say what
        // has arrived behind.
        if (lost && unacknowledged_ - recovery_point_ >= scoreboard_.empty()) enter_recovery(now);
        return;
    }
    repair(now);
}

void TcpConnection::process_payload(const TcpSegment& segment, Packet&& payload, util::Instant now) {
    if (fin_received_ || state_ == State::TimeWait || state_ == State::Closing || state_ == State::LastAck) return;
    TcpSequence limit = fin_seen_ && fin_at_ < advertised_end_ ? fin_at_ : advertised_end_;
    std::int32_t room = limit - segment.sequence;
    if (room < static_cast<std::int32_t>(payload.size()) && (room <= 0 || !payload.trim_to(static_cast<std::size_t>(room)))) {
        acknowledge_ = Acknowledge::Now;
        return;
    }
    if (detached_) {
        // Nobody will read it: count it as received, so that the peer can finish.
        if (segment.sequence <= receive_next_)
            receive_next_ = std::max(receive_next_, segment.sequence + static_cast<std::uint32_t>(payload.size()));
        acknowledge_ = Acknowledge::Now;
        return;
    }
    bool filled = payload.size() >= our_mss_ - 12u;
    bool had_early = received_.has_early();
    std::size_t early_limit = output_.receive_limit(*this) / our_mss_ + 1;
    auto outcome = received_.insert(std::move(payload), segment.sequence, receive_next_, early_limit);
    // RFC 5681 section 4.2: at once when something is missing or was filled in; soon otherwise.
    if (outcome != TcpReceiveQueue::Outcome::Advanced || had_early) {
        acknowledge_ = Acknowledge::Now;
        quick_segments_ = kQuickSegments;
        return;
    }
    // Every frame that we send costs an exit from a virtual machine: one for what came in one batch, when the reader has
    // made room, or for a quarter of the window, so that the peer is at work while we are. But a sender in slow start is fed by twos.
    if (acknowledge_ == Acknowledge::Nothing) acknowledge_ = Acknowledge::Soon;
    std::int32_t enough = 2 * (our_mss_ - 12);
    if (filled && quick_segments_) --quick_segments_;
    else enough = std::max(enough, (advertised_end_ - last_acknowledgment_sent_) / 4);
    if (receive_next_ - last_acknowledgment_sent_ >= enough) send_acknowledgment(now);
}

// The peer's FIN, which may have come before data that belong before it.
void TcpConnection::process_fin(const TcpSegment& segment, util::Instant now) {
    if (segment.has(kFin)) acknowledge_ = Acknowledge::Now;
    if (fin_received_) {
        if (!segment.has(kFin)) return;
        if (state_ == State::TimeWait) enter_time_wait(now);
        return;
    }
    if (fin_at_ != receive_next_) return;  // something before it is missing
    acknowledge_ = Acknowledge::Now;
    fin_received_ = true;
    receive_next_ = receive_next_ + 1;
    if (state_ == State::Established) state_ = State::CloseWait;
    else if (state_ == State::FinWait1) state_ = State::Closing;
    else if (state_ == State::FinWait2) enter_time_wait(now);
}

}  // namespace net
