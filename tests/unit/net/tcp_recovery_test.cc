// How a connection gets over losses: what it sends again, how fast, and what counts as a sign of them (RFC 6675, RFC 6298).
#include "tests/unit/net/tcp_fixture.h"

namespace net {

using namespace tcp_control;

class TcpRecovery : public TcpTest {
  protected:
    void lose_all_until_the_timeout() {
        peer.sent.clear();
        while (silent()) pass_ms(10);
        peer.sent.clear();
    }
};

TEST_F(TcpRecovery, SelectiveAcknowledgmentsAfterATimeoutDoNotOpenTheCongestionWindow) {
    establish({.sack = true});
    send(std::string(10 * kMss, 'x'));
    lose_all_until_the_timeout();
    // Late news: of what was sent before, all but the first two have arrived.
    give_selective({in_segments(2, 8)});
    EXPECT_LE(taken_segments().size(), 1u) << "the window is one segment";
    settle();
    EXPECT_LE(taken_segments().size(), 1u) << "the window is one segment";
    acknowledge(10 * kMss);
    peer.sent.clear();
}

TEST_F(TcpRecovery, SelectiveAcknowledgmentsCountInSegmentsWithDataToo) {
    establish({.sack = true});
    send(std::string(8 * kMss, 'x'));
    peer.sent.clear();
    for (std::uint32_t i = 1; i <= 3; ++i) {
        TcpSegment s = segment(kAck);
        s.sack_blocks[s.sack_count++] = in_segments(1, i);
        give(s, "answer");
        theirs = theirs + 6;
    }
    EXPECT_EQ(taken_segments(), (std::vector<std::uint32_t>{0})) << "without waiting for the timeout";
    acknowledge(8 * kMss);
    settle();
    peer.sent.clear();
}

TEST_F(TcpRecovery, TheFirstSegmentThatWasSentDuringARecoveryMayBeLostAsWell) {
    establish({.sack = true});
    send(std::string(8 * kMss, 'x'));
    peer.sent.clear();
    give_selective({in_segments(1, 3)});
    EXPECT_EQ(taken_segments(), (std::vector<std::uint32_t>{0}));
    acknowledge(8 * kMss);
    send(std::string(6 * kMss, 'y'));
    peer.sent.clear();
    give_selective({in_segments(1, 3)});
    EXPECT_EQ(taken_segments(), (std::vector<std::uint32_t>{0})) << "without waiting for the timeout";
    acknowledge(6 * kMss);
    peer.sent.clear();
}

TEST_F(TcpRecovery, AnAcknowledgmentFromThePromisedEdgeOfTheWindowCounts) {
    establish();
    send("x");
    peer.sent.clear();
    // The peer has filled our window; the first segment of that was lost. What it says is sent from the window's edge.
    TcpSegment s = segment(kAck);
    s.sequence = theirs + syn.window;
    ours = ours + 1;
    s.acknowledgment = ours;
    give(s);
    settle();
    pass_ms(2000);
    EXPECT_TRUE(silent()) << "neither a challenge nor x again";
    peer.sent.clear();
}

TEST_F(TcpRecovery, TheLostEndOfALongFlightIsAskedForBeforeTheTimeout) {
    establish({.sack = true});
    send(std::string(8 * kMss, 'x'));
    peer.sent.clear();
    acknowledge(5 * kMss);
    pass_in_steps(60);
    EXPECT_EQ(taken_segments(), (std::vector<std::uint32_t>{2})) << "the last one, once";
    // It arrives, and so tells that those before it have not.
    give_selective({in_segments(2, 1)});
    EXPECT_EQ(taken_segments(), (std::vector<std::uint32_t>{0, 1}));
    acknowledge(3 * kMss);
    pass_in_steps(1000);
    EXPECT_TRUE(silent());
}

TEST_F(TcpRecovery, AProbeOfTheEndThatIsNotAnsweredIsFollowedByTheTimeout) {
    establish({.sack = true});
    send(std::string(8 * kMss, 'x'));
    peer.sent.clear();
    acknowledge(5 * kMss);
    pass_in_steps(60);
    EXPECT_EQ(taken_segments(), (std::vector<std::uint32_t>{2}));
    pass_in_steps(200);
    EXPECT_TRUE(silent()) << "one is enough";
    pass_in_steps(200);
    EXPECT_EQ(taken_segments(), (std::vector<std::uint32_t>{0}));
    acknowledge(3 * kMss);
    peer.sent.clear();
}

TEST_F(TcpRecovery, ACommandMayWaitForADisk) {
    establish({.sack = true});
    send("read");
    take();
    acknowledge(4);
    send("read");
    take();
    pass_in_steps(250);
    EXPECT_TRUE(silent());
    acknowledge(4);
}

TEST_F(TcpRecovery, WindowProbesDoNotMakeTheNextTimeoutLonger) {
    establish();
    peer_window = 0;
    give(kAck);
    send("wait");
    for (int i = 0; i < 600; ++i) {
        pass_ms(100);
        while (!silent()) {
            take();
            give(kAck);
        }
    }
    peer_window = 1000;
    give(kAck);
    settle();
    EXPECT_EQ(take().payload, "wait");
    pass_ms(2000);
    EXPECT_FALSE(silent()) << "it was lost, and that is seen after the usual time";
    peer.sent.clear();
    acknowledge(4);
}

}  // namespace net
