// A TCP connection as its peer sees it: options, data both ways, repair of losses, timers, closing.
#include "tests/unit/net/tcp_fixture.h"

namespace net {

using namespace tcp_control;
using State = Stream::State;

class TcpOpening : public TcpTest {};

TEST_F(TcpOpening, OffersAllItCan) {
    begin();
    EXPECT_EQ(syn.control, kSyn);
    EXPECT_EQ(syn.mss, kMss);
    EXPECT_TRUE(syn.window_shift && syn.sack_permitted && syn.timestamps);
}

TEST_F(TcpOpening, ChoosesPortsAndNumbersAtRandom) {
    begin();
    auto first_port = port;
    auto first_number = ours;
    stream.reset();
    begin();
    EXPECT_NE(port, first_port);
    EXPECT_NE(ours, first_number);
    EXPECT_GE(port, 49152);
}

TEST_F(TcpOpening, FailsWithoutARoute) {
    peer.has_route = false;
    auto made = tcp.connect({TcpPeer::kPeers, TcpPeer::kPort});
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(&made.failure(), &TcpPeer::kInvalidRoute);
}

TEST_F(TcpOpening, ASynWithoutAcknowledgmentOpensNothing) {
    begin();
    ours = TcpSequence(0);
    give(segment(kSyn));
    EXPECT_EQ(stream->state(), State::Connecting);
}

TEST_F(TcpOpening, AFinDoesNotOpenAConnection) {
    begin();
    give(kFin | kAck);
    EXPECT_EQ(stream->state(), State::Connecting);
}

TEST_F(TcpOpening, ClosingTheAttemptEndsIt) {
    begin();
    stream->close();
    EXPECT_EQ(stream->state(), State::Closed);
    pass_ms(5000);
    EXPECT_TRUE(silent());
}

TEST_F(TcpOpening, AcceptsALateAnswerToARepeatedSyn) {
    begin();
    pass_ms(1100);
    EXPECT_EQ(take().segment.sequence, ours - 1);
    give(segment(kSyn | kAck));
    EXPECT_EQ(stream->state(), State::Open);
    peer.sent.clear();
}

TEST_F(TcpOpening, HasABoundOnConnections) {
    std::vector<util::Owned<Stream>> streams;
    for (std::size_t i = 0; i < Tcp::kMaximumConnections; ++i)
        streams.push_back(tcp.connect({TcpPeer::kPeers, TcpPeer::kPort}).take());
    EXPECT_FALSE(tcp.connect({TcpPeer::kPeers, TcpPeer::kPort}).ok());
    streams.pop_back();
    EXPECT_TRUE(tcp.connect({TcpPeer::kPeers, TcpPeer::kPort}).ok()) << "one that nobody holds makes room";
    streams.clear();
}

TEST_F(TcpOpening, SendsSegmentsOfThePeersSize) {
    establish({.mss = 700});
    send(std::string(2000, 'x'));
    EXPECT_EQ(take().payload.size(), 700u);
    EXPECT_EQ(take().payload.size(), 700u);
    EXPECT_EQ(take().payload.size(), 600u);
}

TEST_F(TcpOpening, SendsSmallSegmentsToAPeerThatNamesNoSize) {
    establish({.mss = std::nullopt});
    send(std::string(1000, 'x'));
    EXPECT_EQ(take().payload.size(), 536u);
    peer.sent.clear();
}

TEST_F(TcpOpening, AHostileSegmentSizeIsNotTakenLiterally) {
    establish({.mss = 0});
    send(std::string(1000, 'x'));
    EXPECT_GE(take().payload.size(), 64u);
    peer.sent.clear();
}

TEST_F(TcpOpening, TimestampsTakeTheirRoomFromTheSegment) {
    establish({.timestamps = true});
    send(std::string(3000, 'x'));
    auto seen = take();
    EXPECT_EQ(seen.payload.size(), kMss - 12);
    ASSERT_TRUE(seen.segment.timestamps);
    EXPECT_EQ(seen.segment.timestamps->echo, peer_clock);
    peer.sent.clear();
}

TEST_F(TcpOpening, SaysNothingOfTimestampsToAPeerWithoutThem) {
    establish();
    send("x");
    EXPECT_FALSE(take().segment.timestamps);
}

class TcpReceiving : public TcpTest {};

TEST_F(TcpReceiving, AcknowledgesAtLeastEverySecondFullSegmentWhenABatchEnds) {
    establish();
    for (int i = 0; i < 10; ++i) {
        give(kAck, std::string(kMss, 'a'));
        give(kAck, std::string(kMss, 'b'));
        settle();
        EXPECT_EQ(take_last().segment.acknowledgment, theirs);
        read_all();
        settle();
        peer.sent.clear();
    }
}

TEST_F(TcpReceiving, AcknowledgesByTwosAtFirstAndThenOnceABatch) {
    peer.capacity = 64;
    establish();
    for (int batch = 0; batch < 8; ++batch) {
        for (int i = 0; i < 8; ++i) give(kAck, std::string(kMss, 'a'));
        EXPECT_EQ(peer.sent.size(), batch < 4 ? 4u : 0u) << batch;
        poll();
        read_all();
        settle();
        if (batch >= 4) {
            EXPECT_EQ(peer.sent.size(), 1u);
        }
        EXPECT_EQ(take_last().segment.acknowledgment, theirs);
    }
}

// The rest of the window is on its way then: a peer that has to wait for an acknowledgment of all of it stands still.
TEST_F(TcpReceiving, AcknowledgesAQuarterOfTheWindowAtOnce) {
    constexpr std::size_t kSize = 1000;
    peer.capacity = 32;  // less than needs a scaled window
    establish();
    for (int i = 0; i < 32; ++i) {
        give(kAck, std::string(kMss, 'a'));
        read_all();
        settle();
    }
    std::size_t quarter = take_last().segment.window / 4;
    EXPECT_GE(quarter, 8 * kSize);
    std::size_t given = kSize;
    for (; given < quarter; given += kSize) give(kAck, std::string(kSize, 'b'));
    EXPECT_TRUE(peer.sent.empty());
    give(kAck, std::string(kSize, 'b'));
    EXPECT_EQ(peer.sent.size(), 1u);
    peer.sent.clear();
    read_all();
}

TEST_F(TcpReceiving, APathWithAnAbsurdFrameSizeDoesNotOverflowAPacket) {
    peer.mtu = 9000;
    establish({.mss = 8960});
    send(std::string(20000, 'x'));
    EXPECT_GE(take().payload.size(), kMss);
    acknowledge(20000);
    peer.sent.clear();
}

TEST_F(TcpReceiving, ReadsIntoAPlaceInPieces) {
    establish();
    give(kAck, std::string(1000, 'a'));
    give(kAck, std::string(1400, 'b'));
    std::vector<std::byte> place(1200);
    EXPECT_EQ(stream->readable(), 2400u);
    EXPECT_EQ(stream->receive(place), 1200u);
    EXPECT_EQ(util::as_text(place), std::string(1000, 'a') + std::string(200, 'b'));
    EXPECT_EQ(stream->receive(place), 1200u);
    EXPECT_EQ(stream->receive(place), 0u);
    peer.sent.clear();
}

TEST_F(TcpReceiving, DataBehindTheWindowIsCutOff) {
    peer.capacity = 4;
    establish();
    auto window = std::size_t{4 * 1448};
    give_at(static_cast<std::int32_t>(window), "far beyond");
    EXPECT_EQ(stream->readable(), 0u);
    for (int i = 0; i < 10; ++i) give(kAck, std::string(kMss, 'a'));
    EXPECT_LE(stream->readable(), window + kMss);
    peer.sent.clear();
}

TEST_F(TcpReceiving, TellsOfNewRoomWhenTheReaderHasMadeIt) {
    peer.capacity = 8;
    establish();
    for (int i = 0; i < 7; ++i) give(kAck, std::string(kMss, 'a'));
    settle();
    peer.sent.clear();
    read_all();
    settle();
    auto update = take_last().segment;
    EXPECT_EQ(update.acknowledgment, theirs);
    EXPECT_GE(update.window, 8 * 1448 - kMss);
}

TEST_F(TcpReceiving, DoesNotTellOfEveryByteThatIsRead) {
    establish();
    for (int i = 0; i < 8; ++i) give(kAck, std::string(kMss, 'a'));
    settle();
    peer.sent.clear();
    for (int i = 0; i < 1000; ++i) stream->consume(1);
    settle();
    EXPECT_TRUE(silent());
}

TEST_F(TcpReceiving, AWindowAboveSixtyFourKilobytesIsShifted) {
    peer.capacity = 64;
    timestamps = false;
    begin();
    unsigned shift = *syn.window_shift;
    TcpSegment answer = segment(kSyn | kAck);
    answer.window_shift = 2;
    give(answer);
    theirs = theirs + 1;
    auto first = take().segment;
    EXPECT_LE(std::uint32_t{first.window} << shift, 64u * 1500);
    send("x");
    peer.sent.clear();
}

TEST_F(TcpReceiving, AWindowIsNotShiftedForAPeerThatCannot) {
    peer.capacity = 1000;
    establish();
    send("x");
    EXPECT_GE(take().segment.window, 20000u);
    acknowledge(1);
}

TEST_F(TcpReceiving, ManyConnectionsShareTheRing) {
    peer.capacity = 16;
    std::vector<util::Owned<Stream>> others;
    for (int i = 0; i < 3; ++i) {
        others.push_back(tcp.connect({TcpPeer::kPeers, 80}).take());
        take();
    }
    settle();
    establish();
    send("x");
    EXPECT_LE(take().segment.window, 16u * 1460 / 4);
    others.clear();
    acknowledge(1);
    peer.sent.clear();
}

TEST_F(TcpReceiving, EarlySegmentsCannotHoldThePool) {
    establish({.sack = true});
    std::size_t before = peer.packets().available();
    for (std::int32_t i = 0; i < 3000; ++i) give_at(1 + i * 2, "x");
    EXPECT_GE(peer.packets().available() + 24, before);
    peer.sent.clear();
}

TEST_F(TcpReceiving, AFillThatClosesAGapIsAcknowledgedAtOnce) {
    establish({.sack = true});
    give_at(3, "def");
    take();
    give(kAck, "abc");
    EXPECT_EQ(take().segment.acknowledgment, theirs + 3);
    EXPECT_EQ(read_all(), "abcdef");
    theirs = theirs + 3;
}

TEST_F(TcpReceiving, WithoutTheOptionItSaysNothingOfWhatItHas) {
    establish();
    give_at(3, "def");
    EXPECT_EQ(take().segment.sack_count, 0);
}

TEST_F(TcpReceiving, DataInASegmentWithoutAcknowledgmentIsDropped) {
    establish();
    give_at(0, "no", kPsh);
    EXPECT_EQ(stream->readable(), 0u);
}

class TcpSending : public TcpTest {};

TEST_F(TcpSending, TheFirstFlightIsTenSegments) {
    establish();
    send(std::string(40 * kMss, 'x'));
    EXPECT_EQ(peer.sent.size(), 10u);
    peer.sent.clear();
    acknowledge(2 * kMss);
    settle();
    EXPECT_EQ(peer.sent.size(), 4u) << "slow start: two for each";
    peer.sent.clear();
}

TEST_F(TcpSending, StaysBelowThePeersWindow) {
    peer_window = 4000;
    establish();
    send(std::string(20000, 'x'));
    std::size_t sum = 0;
    while (!silent()) sum += take().payload.size();
    EXPECT_LE(sum, 4000u);
    EXPECT_GE(sum, 2 * kMss);
}

TEST_F(TcpSending, ShiftsThePeersWindow) {
    peer_window = 100;
    establish({.window_shift = 5});
    give(kAck);
    send(std::string(20000, 'x'));
    std::size_t sum = 0;
    while (!silent()) sum += take().payload.size();
    EXPECT_GE(sum, 2 * kMss);
    EXPECT_LE(sum, 3200u);
}

TEST_F(TcpSending, TakesNoMoreThanItsQueueHolds) {
    establish();
    std::string data(1 << 20, 'x');
    std::size_t taken = send(data);
    EXPECT_LT(taken, data.size());
    EXPECT_EQ(stream->send_room(), 0u);
    EXPECT_EQ(send("more"), 0u);
    peer.sent.clear();
    acknowledge(5000);
    EXPECT_EQ(stream->send_room(), 5000u);
    peer.sent.clear();
}

TEST_F(TcpSending, PushesTheEndOfTheQueueOnly) {
    establish();
    send(std::string(2 * kMss + 10, 'x'));
    EXPECT_FALSE(take().segment.has(kPsh));
    EXPECT_FALSE(take().segment.has(kPsh));
    EXPECT_TRUE(take().segment.has(kPsh));
}

TEST_F(TcpSending, DoesNotWaitForAcknowledgmentsOfSmallSegments) {
    establish();
    send("one");
    send("two");
    EXPECT_EQ(take().payload, "one");
    EXPECT_EQ(take().payload, "two");
}

TEST_F(TcpSending, TwoDuplicateAcknowledgmentsAreNotALoss) {
    establish();
    send(std::string(5 * kMss, 'x'));
    peer.sent.clear();
    give(kAck);
    give(kAck);
    settle();
    EXPECT_TRUE(silent());
}

TEST_F(TcpSending, AWindowUpdateIsNoDuplicateAcknowledgment) {
    establish();
    send(std::string(5 * kMss, 'x'));
    peer.sent.clear();
    for (int i = 0; i < 5; ++i) {
        peer_window = static_cast<std::uint16_t>(40000 + i);
        give(kAck);
    }
    settle();
    EXPECT_TRUE(silent());
}

TEST_F(TcpSending, APartialAcknowledgmentRepairsTheNextHole) {
    establish();
    send(std::string(8 * kMss, 'x'));
    peer.sent.clear();
    for (int i = 0; i < 3; ++i) give(kAck);
    EXPECT_EQ(taken_segments(), (std::vector<std::uint32_t>{0}));
    acknowledge(3 * kMss);
    EXPECT_EQ(taken_segments(), (std::vector<std::uint32_t>{0})) << "the one now first";
}

TEST_F(TcpSending, ManyLossesAreRepairedInOneRoundTrip) {
    establish({.sack = true, .window_shift = 2});
    give(kAck);
    for (int i = 0; i < 3; ++i) {
        send(std::string(10 * kMss, 'x'));
        peer.sent.clear();
        acknowledge(10 * kMss);
    }
    send(std::string(40 * kMss, 'x'));
    ASSERT_EQ(peer.sent.size(), 40u);
    peer.sent.clear();
    // The first 24 are lost.
    for (std::uint32_t i = 1; i <= 16; ++i) give_selective({in_segments(24, i)});
    auto again = taken_segments();
    EXPECT_GE(again.size(), 18u) << "half of the window without waiting for an acknowledgment of each";
    for (std::uint32_t i = 0; i < again.size(); ++i) EXPECT_EQ(again[i], i);
    acknowledge(40 * kMss);
    peer.sent.clear();
}

TEST_F(TcpSending, DuplicatesAfterATimeoutAreNotALoss) {
    establish();
    send(std::string(8 * kMss, 'x'));
    peer.sent.clear();
    while (silent()) pass_ms(10);
    peer.sent.clear();
    acknowledge(kMss);
    settle();
    peer.sent.clear();
    for (int i = 0; i < 5; ++i) give(kAck);
    EXPECT_EQ(taken_segments().size(), 0u);
    acknowledge(7 * kMss);
    peer.sent.clear();
}

TEST_F(TcpSending, BacksOffItsRetransmissions) {
    establish();
    send("x");
    peer.sent.clear();
    std::vector<std::int64_t> times;
    auto start = now();
    while (times.size() < 5) {
        pass_ms(10);
        while (!silent()) {
            take();
            times.push_back((now() - start).ms());
        }
    }
    for (std::size_t i = 2; i < times.size(); ++i) {
        auto before = times[i - 1] - times[i - 2], after = times[i] - times[i - 1];
        EXPECT_NEAR(static_cast<double>(after), 2.0 * static_cast<double>(before), 40);
    }
}

TEST_F(TcpSending, OneTimeoutSendsOneSegment) {
    establish();
    send(std::string(8 * kMss, 'x'));
    peer.sent.clear();
    while (silent()) pass_ms(10);
    EXPECT_EQ(taken_segments(), (std::vector<std::uint32_t>{0}));
}

TEST_F(TcpSending, ASlowPathIsNotRetransmittedOn) {
    establish();
    // Without timestamps: the handshake took no time, so this is learnt by Karn's rule.
    for (int i = 0; i < 12; ++i) {
        send("x");
        pass_in_steps(250);
        take();
        acknowledge(1);
    }
    peer.sent.clear();
    send("x");
    take();
    pass_in_steps(330);
    EXPECT_TRUE(silent());
    acknowledge(1);
}

TEST_F(TcpSending, WindowProbesBackOffAndLastAsLongAsTheyAreAnswered) {
    establish();
    peer_window = 0;
    give(kAck);
    send("wait");
    int probes = 0;
    for (int i = 0; i < 3000; ++i) {
        pass_ms(100);
        while (!silent()) {
            EXPECT_TRUE(take().payload.empty());
            ++probes;
            give(kAck);
        }
    }
    EXPECT_GE(probes, 5);
    EXPECT_LE(probes, 30);
    EXPECT_EQ(stream->state(), State::Open);
    peer_window = 1000;
    give(kAck);
    settle();
    EXPECT_EQ(take().payload, "wait");
}

TEST_F(TcpSending, ASmallerPathIsSentOnAtOnce) {
    establish();
    send(std::string(3 * kMss, 'x'));
    peer.sent.clear();
    peer.mtu = 1006;
    TcpHeader quoted{};
    quoted.source_port = port;
    quoted.destination_port = TcpPeer::kPort;
    quoted.sequence_number = ours.value();
    Ipv4Error error{Ipv4Error::Kind::FragmentationNeeded, TcpPeer::kPeers, 1006, std::as_bytes(std::span(&quoted, 1)).first(8)};
    ASSERT_TRUE(tcp.owns(error));
    tcp.error(error, now());
    std::size_t sum = 0;
    settle();
    while (!silent()) {
        auto seen = take();
        EXPECT_LE(seen.payload.size(), 1006u - 40);
        sum += seen.payload.size();
    }
    EXPECT_EQ(sum, 3 * kMss);
}

class TcpClosing : public TcpTest {};

TEST_F(TcpClosing, SendsWhatIsQueuedBeforeItsFin) {
    peer_window = 1000;
    establish();
    send(std::string(1500, 'x'));
    stream->close();
    settle();
    auto first = take();
    EXPECT_EQ(first.payload.size(), 1000u);
    EXPECT_FALSE(first.segment.has(kFin));
    EXPECT_TRUE(silent());
    acknowledge(1000);
    settle();
    auto last = take();
    EXPECT_EQ(last.payload.size(), 500u);
    EXPECT_TRUE(last.segment.has(kFin));
    acknowledge(501);
}

TEST_F(TcpClosing, TakesNothingMoreToSend) {
    establish();
    stream->close();
    EXPECT_EQ(stream->send(util::as_bytes("late")), 0u);
    EXPECT_EQ(stream->send_room(), 0u);
    peer.sent.clear();
}

TEST_F(TcpClosing, BothMayCloseAtOnce) {
    establish();
    stream->close();
    EXPECT_TRUE(take().segment.has(kFin));
    give(kAck | kFin);
    settle();
    EXPECT_EQ(take_last().segment.acknowledgment, theirs);
    acknowledge(1);
    EXPECT_EQ(stream->state(), State::Closed);
}

TEST_F(TcpClosing, ReadsOnAfterClosingItsOwnSide) {
    establish();
    stream->close();
    peer.sent.clear();
    acknowledge(1);
    give(kAck, "still here");
    EXPECT_EQ(read_all(), "still here");
    give(kAck | kFin);
    peer.sent.clear();
    EXPECT_EQ(stream->state(), State::Closed);
}

TEST_F(TcpClosing, ARepeatedFinIsAcknowledgedAgain) {
    establish();
    give(kAck | kFin);
    settle();
    EXPECT_EQ(take_last().segment.acknowledgment, theirs);
    give_at(-1, "", kAck | kFin);
    settle();
    EXPECT_EQ(take_last().segment.acknowledgment, theirs);
    EXPECT_EQ(stream->state(), State::PeerClosed);
}

TEST_F(TcpClosing, AFinThatComesEarlyWaitsForTheDataBeforeIt) {
    establish({.sack = true});
    give_at(3, "def", kAck | kFin);
    EXPECT_EQ(stream->state(), State::Open);
    give(kAck, "abc");
    EXPECT_EQ(read_all(), "abcdef");
    EXPECT_EQ(stream->state(), State::PeerClosed) << "it need not come again";
    peer.sent.clear();
}

TEST_F(TcpClosing, AFinBehindTheWindowIsIgnored) {
    establish();
    give_at(1 << 20, "", kAck | kFin);
    EXPECT_EQ(stream->state(), State::Open);
    peer.sent.clear();
}

TEST_F(TcpClosing, AnOldAcknowledgmentAfterATimeoutStillCountsForTheFin) {
    establish();
    send(std::string(3 * kMss, 'x'));
    stream->close();
    settle();
    peer.sent.clear();
    while (silent()) pass_ms(10);
    peer.sent.clear();
    acknowledge(3 * kMss + 1);
    settle();
    EXPECT_TRUE(silent()) << "no second FIN behind the first";
    give(kAck | kFin);
    settle();
    EXPECT_EQ(take_last().segment.sequence, ours);
    EXPECT_EQ(stream->state(), State::Closed);
}

TEST_F(TcpClosing, AbortSendsAReset) {
    establish();
    stream->abort();
    EXPECT_TRUE(take().segment.has(kRst));
    EXPECT_EQ(stream->state(), State::Failed);
}

TEST_F(TcpClosing, AStreamThatIsDroppedFinishesByItself) {
    establish();
    send("goodbye");
    stream.reset();
    settle();
    peer.sent.clear();
    acknowledge(8);
    give(kAck | kFin);
    settle();
    EXPECT_EQ(take_last().segment.acknowledgment, theirs);
    pass_ms(5000);
    EXPECT_EQ(tcp.connection_count(), 0u);
}

TEST_F(TcpClosing, AStreamThatIsDroppedDoesNotWaitForEver) {
    establish();
    stream.reset();
    for (int i = 0; i < 30; ++i) pass_ms(1000);
    EXPECT_EQ(tcp.connection_count(), 0u);
    peer.sent.clear();
}

class TcpCutByTheLink : public TcpTest {
  protected:
    static constexpr std::size_t kLimit = 5 * kMss + 100;
    std::string text;
    void SetUp() override {
        TcpTest::SetUp();
        peer.segmentation_limit = kLimit;
        establish();
        for (unsigned i = 0; i < 12 * kMss + 10; ++i) text += static_cast<char>('a' + i % 23);
    }
};

TEST_F(TcpCutByTheLink, SendsWholeSegmentsInOnePacketAndTheRestWithTheLast) {
    EXPECT_EQ(send(std::string_view(text).substr(0, 3 * kMss + 10)), 3 * kMss + 10);
    auto seen = take();
    EXPECT_EQ(peer.cut_to, kMss);
    EXPECT_EQ(seen.payload, text.substr(0, 3 * kMss + 10));
    EXPECT_TRUE(seen.segment.has(kPsh));
    EXPECT_TRUE(silent());
    EXPECT_EQ(send("short"), 5u);
    EXPECT_EQ(take().payload, "short");
    EXPECT_EQ(peer.cut_to, 0u);
}

TEST_F(TcpCutByTheLink, KeepsToTheLimitTheWindowAndTheCongestionWindow) {
    peer_window = 7 * kMss + 5;
    give(kAck);
    send(text);
    EXPECT_EQ(take().payload, text.substr(0, 5 * kMss));
    EXPECT_EQ(take().payload, text.substr(5 * kMss, 2 * kMss));
    EXPECT_TRUE(silent());
    peer_window = 0xffff;
    acknowledge(0);
    settle();
    EXPECT_EQ(take().payload, text.substr(7 * kMss, 3 * kMss)) << "ten segments at first (RFC 6928)";
    EXPECT_TRUE(silent());
}

TEST_F(TcpCutByTheLink, RepeatsWhatWasLostInSegments) {
    send(std::string_view(text).substr(0, 5 * kMss));
    take();
    pass_ms(1500);
    EXPECT_EQ(take().payload, text.substr(0, kMss)) << "the congestion window after a timeout";
    EXPECT_EQ(peer.cut_to, 0u);
}

TEST_F(TcpCutByTheLink, SendsLessWhenPacketsRunOut) {
    std::vector<Packet> held;
    while (peer.packets().available() > 2) held.push_back(peer.packets().allocate());
    send(std::string_view(text).substr(0, 5 * kMss));
    std::string arrived;
    while (!silent()) arrived += take().payload;
    held.clear();
    settle();
    while (!silent()) arrived += take().payload;
    EXPECT_EQ(arrived, text.substr(0, 5 * kMss));
}

class TcpWithoutScaling : public TcpTest {};

TEST_F(TcpWithoutScaling, SaysNothingOfRoomThatTheFieldCannotHold) {
    peer.capacity = 200;
    establish();
    for (int i = 0; i < 100; ++i) {
        stream->consume(0);
        settle();
    }
    EXPECT_TRUE(silent());
    give(kAck, "data");
    EXPECT_EQ(read_all(), "data");
    settle();
    take();
    EXPECT_TRUE(silent());
}

}  // namespace net
