#include "net/transport/tcp_connection.h"

#include <algorithm>

namespace net {

util::Result<void> TcpConnection::start(util::Instant now) {
    TRY(send_queue_.allocate(kSendBuffer));
    started_at_ = heard_at_ = polled_at_ = resumed_at_ = now;
    std::size_t limit = output_.receive_limit(*this);
    while (receive_shift_ < TcpSegment::kMaximumWindowShift && (limit >> receive_shift_) > 0xffff) ++receive_shift_;
    send_syn(now);
    return {};
}

Stream::State TcpConnection::stream_state() const {
    if (failure_) return Stream::State::Failed;
    switch (state_) {
        case State::SynSent: return Stream::State::Connecting;
        case State::Established:
        case State::FinWait1:
        case State::FinWait2: return Stream::State::Open;
        case State::CloseWait: return received_.readable() ? Stream::State::Open : Stream::State::PeerClosed;
        default: return Stream::State::Closed;
    }
}

std::size_t TcpConnection::send(util::Bytes data, util::Instant now) {
    if (!can_send() || fin_wanted_) return 0;
    std::size_t taken = send_queue_.push(data);
    // Full segments go at once; a part waits for the end of the round, as more of the same message may follow.
    if (send_queue_.size() >= in_flight() + longest_packet()) send_data(now, Flush::FullSegments);
    return taken;
}

// Tells the peer of new room once it is worth a segment: a quarter of the window, or what ends a standstill (RFC 9293
// section 3.8.6.2.2).
void TcpConnection::consume(std::size_t count) {
    received_.consume(count);
    if (fin_received_ || !synchronized()) return;
    std::size_t promised = static_cast<std::size_t>(std::max(advertised_end_ - receive_next_, 0));
    std::size_t available = window_available();
    if (available < promised + our_mss_) return;
    if (available - promised >= output_.receive_limit(*this) / 4 || promised < 2u * our_mss_)
        acknowledge_ = Acknowledge::Now;
}

void TcpConnection::close(util::Instant now) {
    if (state_ == State::SynSent) {
        state_ = State::Closed;
        return;
    }
    if (!can_send()) return;
    fin_wanted_ = true;
    state_ = state_ == State::Established ? State::FinWait1 : State::LastAck;
    send_data(now, Flush::Everything);
}

void TcpConnection::abort(const util::Failure& why, util::Instant now) {
    if (synchronized() && state_ != State::TimeWait)
        send_control(tcp_control::kRst | tcp_control::kAck, next_, now);
    fail(why);
}

void TcpConnection::detach(util::Instant now) {
    detached_ = true;
    received_.clear();
    if (can_send()) close(now);
    if (state_ == State::SynSent) state_ = State::Closed;
    end_at_ = std::min(end_at_, now + kLingering);
}

void TcpConnection::fail(const util::Failure& why) {
    failure_ = &why;
    state_ = State::Closed;
    timer_ = util::Instant::never();
    acknowledge_ = Acknowledge::Nothing;
}

void TcpConnection::enter_time_wait(util::Instant now) {
    state_ = State::TimeWait;
    timer_ = util::Instant::never();
    end_at_ = now + kTimeWait;
}

// ICMP is a hint that anybody could forge: before the connection is made it ends the attempt, afterwards it does not.
void TcpConnection::unreachable(bool hard, util::Instant) {
    if (state_ == State::SynSent) fail(hard ? kTcpRefused : kTcpUnreachable);
}

void TcpConnection::shrink_mss(std::uint16_t mss, util::Instant now) {
    if (mss >= mss_ || !synchronized()) return;
    mss_ = std::max<std::uint16_t>(mss, 88);
    congestion_.set_mss(mss_);
    // What was too large was dropped: send it again at once.
    if (in_flight()) {
        scoreboard_.clear();
        next_ = unacknowledged_;
        send_data(now, Flush::Everything);
    }
}

bool TcpConnection::poll(util::Instant now) {
    if (state_ == State::Closed) return false;
    if (now >= end_at_) {
        if (state_ != State::TimeWait) send_control(tcp_control::kRst | tcp_control::kAck, next_, now);
        state_ = State::Closed;
        return true;
    }
    // Not twice in a row: that would be a machine whose rounds take so long.
    bool paused = now - polled_at_ > kPause && polled_at_ != resumed_at_;
    polled_at_ = now;
    if (paused) resumed_at_ = now;
    bool progress = false;
    if (now >= timer_) {
        // After a pause the answer may lie in the NIC's ring, which is looked at later in this round.
        if (!paused) timer_expired(now);
        progress = true;
    }
    if (state_ == State::Established || state_ == State::CloseWait || fin_wanted_) progress |= send_data(now, Flush::Everything);
    if (acknowledge_ == Acknowledge::Now) {
        send_acknowledgment(now);
        progress = true;
    } else if (acknowledge_ == Acknowledge::Soon) {
        // One round later, so that an answer sent meanwhile carries it.
        acknowledge_ = Acknowledge::Now;
        progress = true;
    }
    if (now >= keepalive_at()) keep_alive(now);
    return progress;
}

util::Instant TcpConnection::poll_at() const {
    if (state_ == State::Closed) return util::Instant::never();
    return std::min({timer_, end_at_, keepalive_at()});
}

// Each probe is counted from the one before it, not from when the peer was last heard: nobody may have polled meanwhile.
util::Instant TcpConnection::keepalive_at() const {
    if (state_ != State::Established || in_flight()) return util::Instant::never();
    return keepalive_probes_ ? keepalive_sent_at_ + kKeepaliveInterval : heard_at_ + kKeepaliveIdle;
}

void TcpConnection::keep_alive(util::Instant now) {
    if (keepalive_probes_ == kKeepaliveProbes) return fail(kTcpTimedOut);
    ++keepalive_probes_;
    keepalive_sent_at_ = now;
    send_control(tcp_control::kAck, unacknowledged_ - 1, now);
}

}  // namespace net
