// What a TCP connection does not fall for: forged segments (RFC 5961), old ones (RFC 7323), forged ICMP (RFC 5927), floods;
// and long pauses between polls, as a BIOS caller makes them.
#include "tests/unit/net/tcp_fixture.h"

namespace net {

using namespace tcp_control;
using State = Stream::State;

class TcpForged : public TcpTest {};

TEST_F(TcpForged, AnAcknowledgmentOfWhatWasNotSentIsChallenged) {
    establish();
    send("x");
    take();
    ours = ours + 1000;
    give(kAck, "data");
    EXPECT_EQ(take().segment.control, kAck);
    EXPECT_EQ(stream->readable(), 0u);
}

TEST_F(TcpForged, AnAcknowledgmentFarInThePastIsChallenged) {
    establish();
    ours = ours - 0x100000;
    give(kAck, "data");
    settle();
    EXPECT_EQ(stream->readable(), 0u);
    peer.sent.clear();
}

TEST_F(TcpForged, AResetOutsideTheWindowIsIgnored) {
    establish();
    TcpSegment reset = segment(kRst);
    reset.sequence = reset.sequence + 0x200000;
    give(reset);
    EXPECT_TRUE(silent());
    EXPECT_EQ(stream->state(), State::Open);
}

TEST_F(TcpForged, ChallengesAreCounted) {
    establish();
    for (int i = 0; i < 1000; ++i) give_at(50, "", kRst);
    EXPECT_LE(peer.sent.size(), 100u);
    EXPECT_EQ(stream->state(), State::Open);
    peer.sent.clear();
}

TEST_F(TcpForged, ResetsOfUnknownSegmentsAreCounted) {
    establish();
    port = static_cast<std::uint16_t>(port ^ 1);
    for (int i = 0; i < 1000; ++i) give(segment(kAck));
    EXPECT_LE(peer.sent.size(), 100u);
    port = static_cast<std::uint16_t>(port ^ 1);
    peer.sent.clear();
}

TEST_F(TcpForged, AResetIsNeverAnsweredByAReset) {
    establish();
    port = static_cast<std::uint16_t>(port ^ 1);
    give(segment(kRst));
    EXPECT_TRUE(silent());
    port = static_cast<std::uint16_t>(port ^ 1);
}

TEST_F(TcpForged, ABroadcastIsNotAnswered) {
    establish();
    Packet packet = peer.packets().allocate();
    emit_tcp(segment(kSyn), packet);
    tcp.receive({&peer.interface, TcpPeer::kPeers, TcpPeer::kOurs, true, std::move(packet)}, now());
    EXPECT_TRUE(silent());
}

TEST_F(TcpForged, AnotherHostsSegmentIsNotThePeers) {
    establish();
    Packet packet = peer.packets().allocate();
    emit_tcp(segment(kRst), packet);
    packet.buffer().checksum = Checksum::Verified;
    tcp.receive({&peer.interface, Ipv4Address(10, 0, 0, 3), TcpPeer::kOurs, false, std::move(packet)}, now());
    EXPECT_EQ(stream->state(), State::Open);
}

TEST_F(TcpForged, ASegmentWithAWrongChecksumIsDropped) {
    establish();
    Packet packet = peer.packets().allocate();
    packet.append(4);
    emit_tcp(segment(kAck), packet);
    tcp.receive({&peer.interface, TcpPeer::kPeers, TcpPeer::kOurs, false, std::move(packet)}, now());
    EXPECT_EQ(stream->readable(), 0u);
    EXPECT_EQ(peer.drops(Drop::TcpChecksum), 1u);
}

TEST_F(TcpForged, SelectiveAcknowledgmentsOfWhatWasNotSentMeanNothing) {
    establish({.sack = true});
    send(std::string(3 * kMss, 'x'));
    peer.sent.clear();
    for (int i = 0; i < 2; ++i) give_selective({{ours + 100000, ours + 200000}, {ours - 5000, ours - 1000}});
    settle();
    EXPECT_TRUE(silent());
    acknowledge(3 * kMss);
}

class TcpOld : public TcpTest {};

TEST_F(TcpOld, ASegmentWithAnOldTimestampIsDroppedAndAcknowledged) {
    establish({.timestamps = true});
    peer_clock -= 10;
    give_at(0, "old");
    EXPECT_EQ(stream->readable(), 0u);
    EXPECT_EQ(take().segment.control, kAck);
    peer_clock += 20;
    give(kAck, "new");
    EXPECT_EQ(read_all(), "new");
}

TEST_F(TcpOld, TimestampsMayWrap) {
    peer_clock = 0xfffffff0;
    establish({.timestamps = true});
    peer_clock += 0x20;
    give(kAck, "new");
    EXPECT_EQ(read_all(), "new");
}

TEST_F(TcpOld, EchoesTheTimestampOfTheSegmentThatItAcknowledges) {
    establish({.timestamps = true});
    peer_clock = 2000;
    give(kAck, "one");
    settle();
    EXPECT_EQ(take_last().segment.timestamps->echo, 2000u);
}

TEST_F(TcpOld, AForgedTimestampOutsideTheWindowDoesNotShutThePeerOut) {
    establish({.timestamps = true});
    TcpSegment forged = segment(kAck);
    forged.sequence = forged.sequence - 0x10000;
    forged.timestamps = TcpTimestamps{peer_clock + 0x40000000, 0};
    give(forged, "x");
    settle();
    peer_clock += 1;
    give(kAck, "real");
    EXPECT_EQ(read_all(), "real");
    peer.sent.clear();
}

TEST_F(TcpOld, AResetNeedsNoTimestamp) {
    establish({.timestamps = true});
    timestamps = false;
    give(kRst);
    EXPECT_EQ(stream->state(), State::Failed);
}

class TcpErrors : public TcpTest {
  protected:
    Ipv4Error error(Ipv4Error::Kind kind, TcpSequence sequence) {
        quoted.source_port = port;
        quoted.destination_port = TcpPeer::kPort;
        quoted.sequence_number = sequence.value();
        return {kind, TcpPeer::kPeers, 600, std::as_bytes(std::span(&quoted, 1)).first(8)};
    }
    TcpHeader quoted{};
};

TEST_F(TcpErrors, UnreachableEndsAnAttemptToConnect) {
    begin();
    tcp.error(error(Ipv4Error::Kind::Unreachable, ours - 1), now());
    EXPECT_EQ(&stream->failure(), &kTcpUnreachable);
}

TEST_F(TcpErrors, PortUnreachableIsARefusal) {
    begin();
    tcp.error(error(Ipv4Error::Kind::PortUnreachable, ours - 1), now());
    EXPECT_EQ(&stream->failure(), &kTcpRefused);
}

TEST_F(TcpErrors, UnreachableDoesNotEndAConnection) {
    establish();
    send("x");
    tcp.error(error(Ipv4Error::Kind::Unreachable, ours), now());
    tcp.error(error(Ipv4Error::Kind::PortUnreachable, ours), now());
    EXPECT_EQ(stream->state(), State::Open);
    peer.sent.clear();
}

TEST_F(TcpErrors, AnErrorMustQuoteSomethingInFlight) {
    establish();
    send("x");
    EXPECT_TRUE(tcp.owns(error(Ipv4Error::Kind::FragmentationNeeded, ours)));
    EXPECT_FALSE(tcp.owns(error(Ipv4Error::Kind::FragmentationNeeded, ours + 5000)));
    EXPECT_FALSE(tcp.owns(error(Ipv4Error::Kind::FragmentationNeeded, ours - 5000)));
    acknowledge(1);
    EXPECT_FALSE(tcp.owns(error(Ipv4Error::Kind::FragmentationNeeded, ours - 1)));
    peer.sent.clear();
}

TEST_F(TcpErrors, AQuoteThatIsCutOffIsOfNobody) {
    establish();
    Ipv4Error cut = error(Ipv4Error::Kind::Unreachable, ours);
    cut.transport_header = cut.transport_header.first(3);
    EXPECT_FALSE(tcp.owns(cut));
    tcp.error(cut, now());
}

class TcpPauses : public TcpTest {
  protected:
    // Time passes and nobody polls, as between two INT 13h calls.
    void nobody_polls(std::int64_t seconds) {
        pass_ms(1);
        host::advance(util::Duration::seconds(seconds));
    }
};

TEST_F(TcpPauses, AKeepaliveIsAnsweredOnceThePeerIsHeard) {
    establish();
    pass_ms(31'000);
    EXPECT_EQ(take().segment.sequence, ours - 1);
    give(kAck);
    pass_ms(20'000);
    EXPECT_TRUE(silent());
    EXPECT_EQ(stream->state(), State::Open);
}

TEST_F(TcpPauses, APeersKeepaliveIsAnswered) {
    establish();
    give_at(-1, "");
    settle();
    EXPECT_EQ(take().segment.acknowledgment, theirs);
}

TEST_F(TcpPauses, ALongPauseDoesNotCountAsThePeersSilence) {
    establish();
    nobody_polls(3600);
    for (int i = 0; i < 10; ++i) poll();
    EXPECT_EQ(stream->state(), State::Open);
    EXPECT_EQ(peer.sent.size(), 1u) << "one keepalive, not all at once";
    peer.sent.clear();
    pass_ms(1000);
    EXPECT_EQ(stream->state(), State::Open);
    give(kAck);
}

TEST_F(TcpPauses, DataInFlightSurvivesALongPause) {
    establish();
    send("x");
    take();
    nobody_polls(3600);
    settle();
    EXPECT_EQ(stream->state(), State::Open);
    EXPECT_EQ(take().payload, "x") << "sent again";
    acknowledge(1);
    EXPECT_EQ(stream->state(), State::Open);
}

TEST_F(TcpPauses, AnAcknowledgmentThatCameInAPauseIsLookedAtBeforeAnythingIsSentAgain) {
    establish();
    send("x");
    take();
    nobody_polls(3600);
    poll();  // TCP first, then the stack, which finds it in the NIC's ring
    acknowledge(1);
    pass_ms(1000);
    EXPECT_TRUE(silent());
}

TEST_F(TcpPauses, AnAcknowledgmentThatWaitedSaysNothingOfThePath) {
    for (bool with_timestamps : {false, true}) {
        SCOPED_TRACE(with_timestamps);
        establish({.timestamps = with_timestamps});
        send("x");
        take();
        nobody_polls(20);
        poll();
        acknowledge(1);
        settle();
        send("y");
        take();
        pass_in_steps(1500);
        EXPECT_FALSE(silent()) << "it was lost, and that is seen after the usual time";
        peer.sent.clear();
        acknowledge(1);
        stream->abort();
        peer.sent.clear();
    }
}

TEST_F(TcpPauses, AWindowThatOpensKeepsTheRetransmissionTimer) {
    establish();
    send("x");
    take();
    peer_window = 0;
    give(kAck);
    peer_window = 1000;
    give(kAck);
    settle();
    pass_ms(5000);
    EXPECT_FALSE(silent()) << "x was lost and must come again";
    peer.sent.clear();
}

TEST_F(TcpPauses, SingleBytesThatNobodyReadsFillTheWindowAndNoMore) {
    peer.capacity = 256;
    establish({.window_shift = 7});
    std::size_t given = 0;
    for (int i = 0; i < 300000; ++i) {
        give(kAck, "x");
        settle();
        peer.sent.clear();
        ++given;
    }
    while (given < 900000) {
        give(kAck, std::string(100, 'x'));
        settle();
        peer.sent.clear();
        given += 100;
    }
    EXPECT_LE(stream->readable(), 256u / 2 * 1500 + 3000) << "half the pool is its limit";
}

}  // namespace net
