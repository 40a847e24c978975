// A connection under test and the peer's side of it in a few words: give() and take() segments, read_all(), pass() time.
#pragma once

#include "tests/unit/net/tcp_peer.h"

namespace net {

struct TcpPeerOptions {
    bool sack = false, timestamps = false;
    std::optional<std::uint8_t> window_shift;
    std::optional<std::uint16_t> mss = 1460;
};

class TcpTest : public testing::Test {
  protected:
    static constexpr std::uint32_t kMss = 1460;

    util::Loop loop;
    TestRandom random;
    TcpPeer peer{256};
    Tcp tcp{peer, loop, random};
    util::Owned<Stream> stream;
    // Next to be sent by each; the peer's numbers wrap over the sign soon.
    TcpSequence ours, theirs{0x7fffff00};
    std::uint16_t port = 0;
    std::uint16_t peer_window = 0xffff;
    bool timestamps = false;
    std::uint32_t peer_clock = 1000, our_clock = 0;  // TSval of each, as last said
    TcpSegment syn;

    void SetUp() override { host::reset(); }
    void TearDown() override {
        stream.reset();
        for (int i = 0; i < 120; ++i) pass(util::Duration::seconds(1));
        EXPECT_EQ(tcp.connection_count(), 0u);
        EXPECT_EQ(peer.packets().available(), peer.packets().total()) << "packets were lost";
    }

    util::Instant now() { return loop.now(); }
    // One round of polling, with no time between.
    void poll() { loop.poll_once(); }
    void settle() {
        while (loop.poll_once()) {}
    }
    void pass(util::Duration time) {
        host::advance(time);
        settle();
    }
    // At once, as when nobody polls meanwhile; and with somebody who polls.
    void pass_ms(std::int64_t ms) { pass(util::Duration::milliseconds(ms)); }
    void pass_in_steps(std::int64_t ms) {
        constexpr std::int64_t kStep = 10;
        for (; ms > 0; ms -= kStep) pass_ms(std::min(ms, kStep));
    }

    TcpSegment segment(std::uint8_t control) {
        TcpSegment s;
        s.source_port = TcpPeer::kPort;
        s.destination_port = port;
        s.sequence = theirs;
        s.acknowledgment = ours;
        s.control = control;
        s.window = peer_window;
        if (timestamps) s.timestamps = TcpTimestamps{peer_clock, our_clock};
        return s;
    }
    void give(const TcpSegment& s, std::string_view payload = {}) { peer.give(tcp, s, payload, now()); }
    // The next segment of the peer: moves its numbers on.
    void give(std::uint8_t control, std::string_view payload = {}) {
        give(segment(control), payload);
        theirs = theirs + static_cast<std::uint32_t>(payload.size()) + (control & tcp_control::kFin ? 1u : 0u);
    }
    // Data at an offset from what comes next, without moving on.
    void give_at(std::int32_t offset, std::string_view payload, std::uint8_t control = tcp_control::kAck) {
        TcpSegment s = segment(control);
        s.sequence = s.sequence + static_cast<std::uint32_t>(offset);
        give(s, payload);
    }
    TcpPeer::Seen take() {
        EXPECT_FALSE(peer.sent.empty()) << "nothing was sent";
        if (peer.sent.empty()) return {};
        TcpPeer::Seen seen = peer.sent.front();
        peer.sent.pop_front();
        if (seen.segment.timestamps) our_clock = seen.segment.timestamps->value;
        return seen;
    }
    TcpPeer::Seen take_last() {
        while (peer.sent.size() > 1) peer.sent.pop_front();
        return take();
    }
    bool silent() const { return peer.sent.empty(); }
    // The peer acknowledges so many bytes more.
    void acknowledge(std::size_t count) {
        ours = ours + static_cast<std::uint32_t>(count);
        give(tcp_control::kAck);
    }

    void begin() {
        auto made = tcp.connect({TcpPeer::kPeers, TcpPeer::kPort});
        ASSERT_TRUE(made.ok());
        stream = made.take();
        syn = take().segment;
        port = syn.source_port;
        ours = syn.sequence + 1;
    }
    void establish(const TcpPeerOptions& options = {}) {
        begin();
        timestamps = options.timestamps;
        TcpSegment answer = segment(tcp_control::kSyn | tcp_control::kAck);
        answer.mss = options.mss;
        answer.sack_permitted = options.sack;
        answer.window_shift = options.window_shift;
        give(answer);
        theirs = theirs + 1;
        auto first = take();
        EXPECT_EQ(first.segment.control, tcp_control::kAck);
        EXPECT_EQ(first.segment.sequence, ours);
        EXPECT_EQ(first.segment.acknowledgment, theirs);
        EXPECT_EQ(stream->state(), Stream::State::Open);
    }
    std::string read_all() {
        std::string text;
        while (!stream->peek().empty()) {
            text += util::as_text(stream->peek());
            stream->consume(stream->peek().size());
        }
        return text;
    }
    // Sends and hands back what left at once or with the next poll.
    std::size_t send(std::string_view data) {
        std::size_t taken = stream->send(util::as_bytes(data));
        settle();
        return taken;
    }
    TcpRange in_segments(std::uint32_t first, std::uint32_t count) {
        return {ours + first * kMss, ours + (first + count) * kMss};
    }
    void give_selective(std::initializer_list<TcpRange> blocks) {
        TcpSegment s = segment(tcp_control::kAck);
        for (const TcpRange& block : blocks) s.sack_blocks[s.sack_count++] = block;
        give(s);
    }
    std::vector<std::uint32_t> taken_segments() {
        std::vector<std::uint32_t> numbers;
        while (!silent()) {
            auto seen = take();
            if (!seen.payload.empty())
                numbers.push_back(static_cast<std::uint32_t>(seen.segment.sequence - ours) / kMss);
        }
        return numbers;
    }
};

}  // namespace net
