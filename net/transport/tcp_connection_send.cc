// How a connection sends: segments, retransmissions, windows and timers.
#include <algorithm>

#include "net/transport/tcp_connection.h"

namespace net {

using namespace tcp_control;

TcpSegment TcpConnection::header(std::uint8_t control, TcpSequence sequence, util::Instant now) {
    TcpSegment segment;
    segment.source_port = local_.port;
    segment.destination_port = remote_.port;
    segment.sequence = sequence;
    segment.control = control;
    if (control & kAck) {
        segment.acknowledgment = receive_next_;
        segment.window = window_to_advertise();
        last_acknowledgment_sent_ = receive_next_;
        if (!(control & kRst)) acknowledge_ = Acknowledge::Nothing;
    }
    if (timestamps_) segment.timestamps = TcpTimestamps{output_.timestamp(now), recent_timestamp_};
    return segment;
}

void TcpConnection::send_control(std::uint8_t control, TcpSequence sequence, util::Instant now) {
    Packet packet = output_.allocate();
    if (packet) output_.send(*this, header(control, sequence, now), std::move(packet));
}

void TcpConnection::send_acknowledgment(util::Instant now) {
    Packet packet = output_.allocate();
    if (!packet) {
        acknowledge_ = Acknowledge::Now;  // at the next poll
        return;
    }
    TcpSegment segment = header(kAck, next_, now);
    if (sack_ && received_.has_early()) segment.sack_count = received_.sack_blocks(segment.sack_blocks);
    output_.send(*this, segment, std::move(packet));
}

void TcpConnection::send_syn(util::Instant now) {
    if (Packet packet = output_.allocate()) {
        TcpSegment segment = header(kSyn, initial_, now);
        segment.mss = our_mss_;
        segment.window_shift = receive_shift_;
        segment.sack_permitted = true;
        segment.timestamps = TcpTimestamps{output_.timestamp(now), 0};
        segment.window = static_cast<std::uint16_t>(std::min<std::size_t>(output_.receive_limit(*this), 0xffff));
        output_.send(*this, segment, std::move(packet));
    }
    next_ = highest_ = initial_ + 1;
    timing_ = true;
    timed_ = initial_;
    timed_at_ = now;
    arm_timer(now);
}

// No more than the field can say: room that cannot be told is no reason for a window update.
std::size_t TcpConnection::window_available() {
    std::size_t limit = output_.receive_limit(*this);
    std::size_t held = received_.readable();
    return limit > held ? std::min<std::size_t>(limit - held, 0xffffu << receive_shift_) : 0;
}

// The right edge never goes back (RFC 9293 section 3.8.6), and moves only by what is worth a segment.
std::uint16_t TcpConnection::window_to_advertise() {
    TcpSequence end = receive_next_ + static_cast<std::uint32_t>(window_available());
    std::int32_t gain = end - advertised_end_;
    if (gain < std::min<std::int32_t>(our_mss_, static_cast<std::int32_t>(output_.receive_limit(*this) / 2)))
        end = advertised_end_;
    std::int32_t window = std::max(end - receive_next_, 0);
    // What the shift cuts off would look like an edge that goes back: rounded up, but not on and on for a peer that sends
    // single bytes (RFC 7323 section 2.4 allows for that much).
    bool creeping = static_cast<std::uint32_t>(window) + received_.readable() > output_.receive_limit(*this) + our_mss_;
    std::uint32_t rounding = creeping ? 0 : (1u << receive_shift_) - 1;
    std::uint32_t units = (static_cast<std::uint32_t>(window) + rounding) >> receive_shift_;
    units = std::min<std::uint32_t>(units, 0xffff);
    TcpSequence promised = receive_next_ + (units << receive_shift_);
    if (promised > advertised_end_) advertised_end_ = promised;
    return static_cast<std::uint16_t>(units);
}

// What is on its way (RFC 6675 section 4): without SACK each duplicate acknowledgment stands for a segment that left.
std::uint32_t TcpConnection::pipe() const {
    if (in_recovery_ && !scoreboard_.empty()) {
        // What is missing below something that has arrived is lost until it is sent again.
        std::int32_t above = next_ - scoreboard_.highest();
        std::int32_t again = retransmitted_to_ - unacknowledged_;
        std::uint32_t arrived = scoreboard_.bytes_below(retransmitted_to_);
        return static_cast<std::uint32_t>(std::max(above, 0)) + (again > 0 ? static_cast<std::uint32_t>(again) - arrived : 0);
    }
    // After a timeout what the scoreboard knows of may lie ahead: it is sent again, so it has not left.
    std::uint32_t left = sack_ ? scoreboard_.bytes_below(next_) : duplicate_acknowledgments_ * mss_;
    std::uint32_t sent = in_flight();
    return sent > left ? sent - left : 0;
}

// Sends what windows allow. True when it sent anything.
bool TcpConnection::send_data(util::Instant now, Flush flush) {
    bool sent_any = false;
    for (;;) {
        std::uint32_t sent = in_flight();
        std::uint32_t queued = static_cast<std::uint32_t>(send_queue_.size());
        bool fin_due = fin_wanted_ && !fin_acknowledged_ && sent == queued;  // it comes right behind the queue
        if (sent >= queued && !fin_due) break;
        std::uint32_t waiting = queued - std::min(sent, queued);
        if (flush == Flush::FullSegments && waiting < mss_) break;
        std::uint32_t room = send_window_ > sent ? send_window_ - sent : 0;
        if (pipe() >= congestion_.window() && sent) break;
        if (waiting && room == 0) {
            // Nothing in flight that could bring a window update: ask for it now and then.
            if (!sent && timer_ == util::Instant::never()) arm_timer(now);
            break;
        }
        // Sender's silly window: part of a segment only when it is all there is, or half the largest window.
        if (waiting > room && room < mss_ && room < largest_window_ / 2 && sent) break;
        std::uint32_t most = std::min({waiting, room, std::max<std::uint32_t>(congestion_.window() - pipe(), mss_)});
        if (most > mss_ && (flush == Flush::FullSegments || most < waiting)) most -= most % mss_;
        std::uint32_t length = send_segment(next_, most, now);
        if (!length) break;
        next_ = next_ + length;
        if (next_ > highest_) {
            if (!timing_ && !timestamps_) {
                timing_ = true;
                timed_ = next_ - 1;
                timed_at_ = now;
            }
            highest_ = next_;
        }
        if (timer_ == util::Instant::never() || !sent) arm_timer(now);
        sent_any = true;
    }
    return sent_any;
}

void TcpConnection::arm_timer(util::Instant now) { timer_ = now + (may_probe_tail() ? rtt_.tail_timeout() : rtt_.timeout()); }

// A segment, or as many as the link takes at once.
std::uint32_t TcpConnection::longest_packet() {
    std::uint32_t segments = static_cast<std::uint32_t>(output_.segmentation_limit(*this)) / mss_;
    return std::max<std::uint32_t>(segments, 1) * mss_;
}

// Sends one packet from a place in the queue; how much sequence space it took, 0 when there was no packet.
std::uint32_t TcpConnection::send_segment(TcpSequence sequence, std::uint32_t limit, util::Instant now) {
    std::size_t offset = static_cast<std::size_t>(sequence - unacknowledged_);
    std::size_t left = send_queue_.size() - std::min(offset, send_queue_.size());
    std::size_t length = std::min<std::size_t>({left, limit, longest_packet()});
    Packet packet = output_.allocate();
    if (!packet) return 0;
    if (length > mss_) packet.buffer().segment_size = mss_;
    std::size_t done = send_queue_.append_to(packet, offset, length);
    for (PacketBuffer* tail = &packet.buffer(); done < length; tail = tail->more) {
        Packet piece = output_.allocate();
        if (!piece) length = done;  // as much as there are packets for
        else done += send_queue_.append_to(piece, offset + done, length - done);
        tail->more = piece.release();
    }
    bool last = length == left;
    bool fin = last && fin_wanted_ && !fin_acknowledged_;
    std::uint8_t control = kAck | (last && length ? kPsh : 0) | (fin ? kFin : 0);
    if (!length && !fin) return 0;
    if (sequence < highest_) timing_ = false;  // Karn's rule
    output_.send(*this, header(control, sequence, now), std::move(packet));
    return static_cast<std::uint32_t>(length) + (fin ? 1 : 0);
}

void TcpConnection::enter_recovery(util::Instant now) {
    in_recovery_ = true;
    recovery_point_ = highest_;
    congestion_.enter_recovery(in_flight());
    retransmitted_to_ = unacknowledged_;
    retransmit_hole(now);
    repair(now);
    arm_timer(now);
}

// Holes first; new data follow from poll(), when they leave it room.
void TcpConnection::repair(util::Instant now) {
    while (pipe() + mss_ <= congestion_.window())
        if (!retransmit_hole(now)) break;
}

// Sends the next hole again, once in a recovery.
bool TcpConnection::retransmit_hole(util::Instant now) {
    TcpSequence limit = sack_ && !scoreboard_.empty() ? scoreboard_.highest() : unacknowledged_ + mss_;
    if (limit > recovery_point_) limit = recovery_point_;
    TcpRange hole = scoreboard_.hole(std::max(retransmitted_to_, unacknowledged_), limit);
    if (hole.begin >= hole.end) return false;
    std::uint32_t length = send_segment(hole.begin, static_cast<std::uint32_t>(hole.end - hole.begin), now);
    retransmitted_to_ = hole.begin + length;
    return length != 0;
}

void TcpConnection::timer_expired(util::Instant now) {
    timer_ = util::Instant::never();
    if (state_ == State::SynSent) {
        if (now - started_at_ >= kConnectPatience) return fail(kTcpNoAnswer);
        rtt_.back_off();
        send_syn(now);
        timing_ = false;  // Karn's rule
        return;
    }
    if (!timeouts_in_row_++) silent_since_ = now;
    if (timeouts_in_row_ > kLeastRetries && now - silent_since_ >= kUserTimeout) return fail(kTcpTimedOut);
    if (!in_flight()) return probe_window(now);
    if (may_probe_tail()) {
        // The last segment once more: what comes back tells what of those before it is missing.
        tail_ = Tail::Probed;
        std::uint32_t length = std::min<std::uint32_t>(in_flight(), mss_);
        send_segment(next_ - length, length, now);
        return arm_timer(now);
    }
    congestion_.timed_out(in_flight());
    rtt_.back_off();
    in_recovery_ = false;
    recovery_point_ = highest_;
    duplicate_acknowledgments_ = 0;
    scoreboard_.clear();  // the peer may have dropped what it acknowledged selectively (RFC 2018 section 8)
    next_ = unacknowledged_;
    send_data(now, Flush::Everything);
    if (timer_ == util::Instant::never()) arm_timer(now);
}

// A closed window: an old sequence number makes the peer say what its window is now (RFC 9293 section 3.8.6.1).
void TcpConnection::probe_window(util::Instant now) {
    if (!send_queue_.size()) return;
    rtt_.back_off();
    send_control(kAck, unacknowledged_ - 1, now);
    arm_timer(now);
}

}  // namespace net
