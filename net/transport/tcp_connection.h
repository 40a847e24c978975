// One TCP connection, from our side opened (RFC 9293): its state, what it does with segments, and its timers.
//
// Owned by Tcp, which hands it segments and polls it. Segments are sent through TcpOutput, so that this file knows
// nothing of IP.
#pragma once

#include "net/ip/ipv4_service.h"
#include "net/stream.h"
#include "net/transport/tcp_congestion.h"
#include "net/transport/tcp_receive_queue.h"
#include "net/transport/tcp_rtt.h"
#include "net/transport/tcp_scoreboard.h"
#include "net/transport/tcp_send_queue.h"
#include "util/list.h"
#include "util/time.h"

namespace net {

inline constexpr util::Failure kTcpRefused{util::code::kTcp + 1, "connection refused: nothing listens on that port"};
inline constexpr util::Failure kTcpReset{util::code::kTcp + 2, "the connection was reset by the other side"};
inline constexpr util::Failure kTcpTimedOut{util::code::kTcp + 3, "the other side does not answer any more"};
inline constexpr util::Failure kTcpNoAnswer{util::code::kTcp + 4, "no answer to the attempt to connect"};
inline constexpr util::Failure kTcpUnreachable{util::code::kTcp + 5, "the host or network is unreachable"};
inline constexpr util::Failure kTcpAborted{util::code::kTcp + 6, "the connection was given up"};
inline constexpr util::Failure kTcpPortsExhausted{util::code::kTcp + 7, "there are too many connections"};

class TcpConnection;

// What a connection needs of the protocol around it.
class TcpOutput {
  public:
    // An empty packet with headroom; a null one when there is none now.
    virtual Packet allocate() = 0;
    virtual void send(TcpConnection& connection, const TcpSegment& segment, Packet&& payload) = 0;
    // Bytes a receive window may promise beside what the queue holds already: ring, pool, other connections.
    virtual std::size_t receive_limit(TcpConnection& connection) = 0;
    // How much may leave in one packet for the link to cut (Link::segmentation_limit); 0: it does not.
    virtual std::size_t segmentation_limit(TcpConnection& connection) = 0;
    // For TSval, in units of 1024 us: an i486 divides 64 bits slowly.
    virtual std::uint32_t timestamp(util::Instant now) = 0;
    virtual bool allow_challenge(util::Instant now) = 0;

  protected:
    ~TcpOutput() = default;
};

// Where a connection's segments go, looked up once in a round of polling.
struct TcpPath {
    std::uint32_t round = 0;  // 0: never
    bool usable = false;
    Ipv4Route route;
    std::size_t receive_limit = 0;
};

class TcpConnection final : public util::ListNode<TcpConnection> {
  public:
    enum class State : std::uint8_t {
        SynSent,
        Established,
        FinWait1,
        FinWait2,
        CloseWait,
        Closing,
        LastAck,
        TimeWait,
        Closed,
    };
    static constexpr std::size_t kSendBuffer = 128 * 1024;
    static constexpr util::Duration kConnectPatience = util::Duration::seconds(20);
    // How long retransmissions or window probes may stay unanswered, from the first one, and so many at least: between two
    // INT 13h calls nobody polls for as long as the caller likes.
    static constexpr util::Duration kUserTimeout = util::Duration::seconds(60);
    static constexpr unsigned kLeastRetries = 4;
    // So long after the last poll nobody has looked at anything meanwhile: longer than any round takes.
    static constexpr util::Duration kPause = util::Duration::milliseconds(50);
    static constexpr util::Duration kKeepaliveIdle = util::Duration::seconds(30);
    static constexpr util::Duration kKeepaliveInterval = util::Duration::seconds(5);
    static constexpr unsigned kKeepaliveProbes = 4;
    static constexpr util::Duration kTimeWait = util::Duration::seconds(2);
    static constexpr util::Duration kLingering = util::Duration::seconds(15);

    TcpConnection(TcpOutput& output, const Ipv4Endpoint& local, const Ipv4Endpoint& remote, std::uint16_t mss,
                  TcpSequence initial)
        : output_(output), local_(local), remote_(remote), our_mss_(mss), mss_(mss), initial_(initial),
          unacknowledged_(initial), next_(initial), highest_(initial), recovery_point_(initial) {}

    // Failure: no memory for the send queue.
    util::Result<void> start(util::Instant now);

    const Ipv4Endpoint& local() const { return local_; }
    const Ipv4Endpoint& remote() const { return remote_; }
    State state() const { return state_; }
    bool done() const { return state_ == State::Closed; }
    Stream::State stream_state() const;
    const util::Failure* failure() const { return failure_; }
    TcpReceiveQueue& received() { return received_; }
    TcpPath& path() { return path_; }
    std::size_t send_room() const { return can_send() ? send_queue_.room() : 0; }

    // The user's calls.
    std::size_t send(util::Bytes data, util::Instant now);
    void consume(std::size_t count);
    void close(util::Instant now);
    void abort(const util::Failure& why, util::Instant now);
    // Nobody reads any more: what comes is thrown away, and the rest of closing has a limit.
    void detach(util::Instant now);
    bool detached() const { return detached_; }

    // The protocol's.
    void receive(const TcpSegment& segment, Packet&& payload, util::Instant now);
    void unreachable(bool hard, util::Instant now);
    // Whether a sequence number quoted by ICMP is of something that was sent and not acknowledged (RFC 5927 section 4.1).
    bool has_in_flight(TcpSequence sequence) const { return sequence >= unacknowledged_ && sequence < highest_; }
    void shrink_mss(std::uint16_t mss, util::Instant now);
    bool poll(util::Instant now);
    util::Instant poll_at() const;

  private:
    bool can_send() const { return state_ == State::Established || state_ == State::CloseWait; }
    bool synchronized() const { return state_ != State::SynSent && state_ != State::Closed; }
    std::uint32_t in_flight() const { return static_cast<std::uint32_t>(next_ - unacknowledged_); }

    // tcp_connection_receive.cc
    void receive_syn_sent(const TcpSegment& segment, util::Instant now);
    bool acceptable(const TcpSegment& segment, std::size_t length) const;
    bool check_controls(const TcpSegment& segment, util::Instant now);
    bool check_timestamps(const TcpSegment& segment, util::Instant now);
    void note_timestamp(const TcpSegment& segment, util::Instant now);
    bool process_acknowledgment(const TcpSegment& segment, bool carries_data, util::Instant now);
    void advance(TcpSequence acknowledgment, const TcpSegment& segment, util::Instant now);
    void duplicate_acknowledgment(util::Instant now);
    void process_payload(const TcpSegment& segment, Packet&& payload, util::Instant now);
    void process_fin(const TcpSegment& segment, util::Instant now);
    void take_round_trip(util::Duration time, util::Instant now);
    void our_fin_acknowledged(util::Instant now);
    void challenge(util::Instant now);

    // tcp_connection_send.cc
    TcpSegment header(std::uint8_t control, TcpSequence sequence, util::Instant now);
    void send_control(std::uint8_t control, TcpSequence sequence, util::Instant now);
    void send_acknowledgment(util::Instant now);
    void send_syn(util::Instant now);
    enum class Flush : std::uint8_t { FullSegments, Everything };
    bool send_data(util::Instant now, Flush flush);
    std::uint32_t send_segment(TcpSequence sequence, std::uint32_t limit, util::Instant now);
    std::uint32_t longest_packet();
    void repair(util::Instant now);
    bool retransmit_hole(util::Instant now);
    void enter_recovery(util::Instant now);
    std::uint32_t pipe() const;
    std::uint16_t window_to_advertise();
    std::size_t window_available();
    void timer_expired(util::Instant now);
    void probe_window(util::Instant now);
    util::Instant keepalive_at() const;
    void keep_alive(util::Instant now);
    void arm_timer(util::Instant now);
    bool may_probe_tail() const { return tail_ == Tail::Watched && !in_recovery_; }
    void fail(const util::Failure& why);
    void enter_time_wait(util::Instant now);

    TcpOutput& output_;
    Ipv4Endpoint local_, remote_;
    State state_ = State::SynSent;
    const util::Failure* failure_ = nullptr;
    bool detached_ = false;

    // Sending (RFC 9293 section 3.3.1): SND.UNA, SND.NXT, SND.WND and the rest.
    std::uint16_t our_mss_;           // what we announce
    std::uint16_t mss_;               // what we send at most, options taken off
    TcpSequence initial_;             // ISS
    TcpSequence unacknowledged_;      // SND.UNA
    TcpSequence next_;                // SND.NXT
    TcpSequence highest_;             // the highest SND.NXT ever: behind it all is new
    std::uint32_t send_window_ = 0;   // SND.WND
    std::uint32_t largest_window_ = 0;
    TcpSequence window_update_sequence_, window_update_acknowledgment_;  // SND.WL1, SND.WL2
    std::uint8_t send_shift_ = 0;
    bool fin_wanted_ = false, fin_acknowledged_ = false;
    TcpSendQueue send_queue_;
    TcpCongestion congestion_;
    TcpRtt rtt_;
    util::Instant polled_at_, resumed_at_;  // the last poll; the start, or the first one after the last pause
    util::Instant started_at_;
    bool timing_ = false;  // Karn: one segment is timed when there are no timestamps
    TcpSequence timed_;
    util::Instant timed_at_;
    unsigned duplicate_acknowledgments_ = 0;
    bool in_recovery_ = false;
    TcpSequence recovery_point_;
    TcpSequence retransmitted_to_;
    // The end of a long flight may be lost, and then nothing tells (RFC 8985 section 7).
    enum class Tail : std::uint8_t { Unknown, Watched, Probed } tail_ = Tail::Unknown;

    // Receiving: RCV.NXT and the rest.
    TcpSequence receive_next_;
    TcpSequence advertised_end_;      // right edge of the window as promised; never goes back
    std::uint8_t receive_shift_ = 0;
    bool fin_seen_ = false, fin_received_ = false;  // anywhere; in order
    TcpSequence fin_at_;
    bool window_scaling_ = false, timestamps_ = false, sack_ = false;
    std::uint32_t recent_timestamp_ = 0;  // TS.Recent
    util::Instant recent_timestamp_at_;
    TcpSequence last_acknowledgment_sent_;
    enum class Acknowledge : std::uint8_t { Nothing, Soon, Now } acknowledge_ = Acknowledge::Nothing;
    std::uint8_t quick_segments_ = 0;  // so many more are acknowledged by twos

    // Timers
    util::Instant timer_ = util::Instant::never();        // retransmission or window probe
    unsigned timeouts_in_row_ = 0;                        // without an answer
    util::Instant silent_since_;                          // the first of them
    util::Instant heard_at_;                              // last segment from the peer
    util::Instant end_at_ = util::Instant::never();       // TIME-WAIT or lingering is over
    unsigned keepalive_probes_ = 0;
    util::Instant keepalive_sent_at_;

    TcpReceiveQueue received_;
    TcpPath path_;
    TcpScoreboard scoreboard_;
};

}  // namespace net
