// A TCP connection, segment by segment, grouped by the states of RFC 9293.
#include "tests/unit/net/tcp_fixture.h"

namespace net {

using namespace tcp_control;
using State = Stream::State;

class Tcp_ : public TcpTest {};

TEST_F(Tcp_, RetransmitsItsSynWithBackOffAndGivesUp) {
    begin();
    std::vector<std::int64_t> times;
    for (int i = 0; i < 400; ++i) {
        pass(util::Duration::milliseconds(100));
        while (!peer.sent.empty()) {
            EXPECT_EQ(take().segment.control, kSyn);
            times.push_back(now().us() / 100000);
        }
    }
    EXPECT_EQ(times, (std::vector<std::int64_t>{10, 30, 70, 150}));
    EXPECT_EQ(stream->state(), State::Failed);
    EXPECT_EQ(&stream->failure(), &kTcpNoAnswer);
}

TEST_F(Tcp_, SaysRefusedWhenTheSynIsReset) {
    begin();
    give(kRst | kAck);
    EXPECT_EQ(&stream->failure(), &kTcpRefused);
}

TEST_F(Tcp_, IgnoresAResetThatDoesNotAcknowledgeItsSyn) {
    begin();
    ours = ours + 5;
    give(kRst | kAck);
    EXPECT_EQ(stream->state(), State::Connecting);
}

TEST_F(Tcp_, ResetsAHalfOpenPeerThatAcknowledgesSomethingElse) {
    begin();
    ours = ours + 5;
    give(kAck);
    auto reset = take().segment;
    EXPECT_EQ(reset.control, kRst);
    EXPECT_EQ(reset.sequence, ours);
}

TEST_F(Tcp_, DeliversDataInOrderAndAcknowledgesIt) {
    establish();
    give(kAck | kPsh, "hello ");
    give(kAck | kPsh, "world");
    EXPECT_EQ(read_all(), "hello world");
    pass(util::Duration::milliseconds(1));
    pass(util::Duration::milliseconds(1));
    EXPECT_EQ(take().segment.acknowledgment, theirs);
    EXPECT_TRUE(peer.sent.empty());
}

TEST_F(Tcp_, PutsEarlySegmentsInOrderAndSaysWhatIsMissing) {
    establish({.sack = true});
    TcpSequence start = theirs;
    theirs = start + 3;
    give(kAck, "def");
    auto first = take().segment;
    EXPECT_EQ(first.acknowledgment, start);
    ASSERT_EQ(first.sack_count, 1);
    EXPECT_EQ(first.sack_blocks[0].begin, start + 3);
    EXPECT_EQ(first.sack_blocks[0].end, start + 6);
    theirs = start + 9;
    give(kAck, "jkl");
    auto second = take().segment;
    ASSERT_EQ(second.sack_count, 2);
    EXPECT_EQ(second.sack_blocks[0].begin, start + 9) << "the newest comes first";
    theirs = start;
    give(kAck, "abcdefghi");
    EXPECT_EQ(read_all(), "abcdefghijkl");
}

TEST_F(Tcp_, CutsOverlapsOff) {
    establish({.sack = true});
    TcpSequence start = theirs;
    for (auto [at, text] : {std::pair{4u, "efgh"}, {2u, "cdef"}, {6u, "ghij"}, {3u, "defghijkl"}, {0u, "abc"}}) {
        theirs = start + at;
        give(kAck, text);
    }
    EXPECT_EQ(read_all(), "abcdefghijkl");
    peer.sent.clear();
}

TEST_F(Tcp_, SendsAtOnceAndRetransmitsWhatIsNotAcknowledged) {
    establish();
    send("request");
    auto data = take();
    EXPECT_EQ(data.payload, "request");
    EXPECT_EQ(data.segment.sequence, ours);
    EXPECT_TRUE(data.segment.has(kPsh));
    pass(util::Duration::seconds(2));
    EXPECT_EQ(take().payload, "request");
    ours = ours + 7;
    give(kAck);
    pass(util::Duration::seconds(10));
    EXPECT_TRUE(peer.sent.empty());
}

TEST_F(Tcp_, PutsTheSmallPiecesOfARoundIntoOneSegment) {
    establish();
    for (const char* piece : {"header ", "and data"}) ASSERT_GT(stream->send(util::as_bytes(piece)), 0u);
    EXPECT_TRUE(peer.sent.empty());
    loop.poll_once();
    EXPECT_EQ(take().payload, "header and data");
    ours = ours + 15;
    give(kAck);
}

TEST_F(Tcp_, RetransmitsAfterThreeDuplicateAcknowledgments) {
    establish();
    std::string data(6 * 1448, 'x');
    send(data);
    peer.sent.clear();
    give(kAck);
    give(kAck);
    EXPECT_TRUE(peer.sent.empty());
    give(kAck);
    auto again = take();
    EXPECT_EQ(again.segment.sequence, ours);
    EXPECT_EQ(again.payload.size(), 1460u);
    ours = ours + static_cast<std::uint32_t>(data.size());
    give(kAck);
}

TEST_F(Tcp_, RepairsEachHoleThatSelectiveAcknowledgmentsShow) {
    establish({.sack = true});
    std::string data(10 * 1460, 'x');
    send(data);
    ASSERT_EQ(peer.sent.size(), 10u);
    peer.sent.clear();
    // Segments 0, 2 and 4 are lost.
    TcpSegment selective = segment(kAck);
    auto block = [&](int first, int count) {
        return TcpRange{ours + static_cast<std::uint32_t>(first * 1460),
                        ours + static_cast<std::uint32_t>((first + count) * 1460)};
    };
    selective.sack_blocks[0] = block(1, 1);
    selective.sack_blocks[1] = block(3, 1);
    selective.sack_blocks[2] = block(5, 5);
    selective.sack_count = 3;
    for (int i = 0; i < 4; ++i) peer.give(tcp, selective, {}, now());
    std::vector<std::uint32_t> again;
    while (!peer.sent.empty())
        again.push_back(static_cast<std::uint32_t>(take().segment.sequence - ours) / 1460);
    EXPECT_EQ(again, (std::vector<std::uint32_t>{0, 2, 4}));
    ours = ours + static_cast<std::uint32_t>(data.size());
    give(kAck);
}

TEST_F(Tcp_, ProbesAClosedWindow) {
    establish();
    peer_window = 0;
    give(kAck);
    send("wait");
    EXPECT_TRUE(peer.sent.empty());
    pass(util::Duration::seconds(2));
    auto probe = take();
    EXPECT_EQ(probe.segment.sequence, ours - 1);
    EXPECT_TRUE(probe.payload.empty());
    peer_window = 1000;
    give(kAck);
    pass(util::Duration::milliseconds(1));
    EXPECT_EQ(take().payload, "wait");
    ours = ours + 4;
    give(kAck);
}

TEST_F(Tcp_, NeverPromisesMoreThanTheRingHoldsAndNeverTakesAPromiseBack) {
    peer.capacity = 4;
    establish();
    TcpSequence edge = theirs;
    for (int i = 0; i < 30; ++i) {
        give(kAck, std::string(1460, 'a'));
        pass(util::Duration::milliseconds(1));
        while (!peer.sent.empty()) {
            auto seen = take().segment;
            TcpSequence now_edge = seen.acknowledgment + seen.window;
            EXPECT_GE(now_edge, edge);
            EXPECT_LE(now_edge - seen.acknowledgment, 4 * 1460);
            edge = now_edge;
        }
        if (i % 3 == 2) read_all();
    }
}

TEST_F(Tcp_, SingleBytesCannotHoldThePool) {
    establish();
    std::size_t before = peer.packets().available();
    for (int i = 0; i < 3000; ++i) give(kAck, "x");
    EXPECT_GE(peer.packets().available() + 4, before);
    peer.sent.clear();
    EXPECT_EQ(read_all().size(), 3000u);
}

TEST_F(Tcp_, AnswersABlindResetWithAChallenge) {
    establish();
    theirs = theirs + 100;
    give(kRst);
    EXPECT_EQ(take().segment.control, kAck);
    EXPECT_EQ(stream->state(), State::Open);
    theirs = theirs - 100;
    give(kRst);
    EXPECT_EQ(&stream->failure(), &kTcpReset);
}

TEST_F(Tcp_, AnswersASynWithAChallenge) {
    establish();
    give(kSyn);
    EXPECT_EQ(take().segment.control, kAck);
    EXPECT_EQ(stream->state(), State::Open);
}

TEST_F(Tcp_, ThePeerMayCloseFirst) {
    establish();
    give(kAck | kFin, "bye");
    EXPECT_EQ(take().segment.acknowledgment, theirs);
    EXPECT_EQ(stream->state(), State::Open);
    EXPECT_EQ(read_all(), "bye");
    EXPECT_EQ(stream->state(), State::PeerClosed);
    send("last words");
    EXPECT_EQ(take().payload, "last words");
    ours = ours + 10;
    give(kAck);
    stream->close();
    EXPECT_TRUE(take().segment.has(kFin));
    ours = ours + 1;
    give(kAck);
    EXPECT_EQ(stream->state(), State::Closed);
}

TEST_F(Tcp_, WeMayCloseFirst) {
    establish();
    stream->close();
    EXPECT_TRUE(take().segment.has(kFin | kAck));
    ours = ours + 1;
    give(kAck);
    give(kAck | kFin);
    EXPECT_EQ(take().segment.acknowledgment, theirs);
    EXPECT_EQ(stream->state(), State::Closed);
}

TEST_F(Tcp_, RetransmitsItsFin) {
    establish();
    stream->close();
    EXPECT_TRUE(take().segment.has(kFin));
    pass(util::Duration::seconds(2));
    EXPECT_TRUE(take().segment.has(kFin));
    ours = ours + 1;
    give(kAck);
}

TEST_F(Tcp_, GivesUpOnAPeerThatIsGone) {
    establish();
    send("anybody?");
    for (int i = 0; i < 200; ++i) pass(util::Duration::seconds(1));
    EXPECT_EQ(&stream->failure(), &kTcpTimedOut);
}

TEST_F(Tcp_, KeepaliveNoticesAPeerThatIsGone) {
    establish();
    for (int i = 0; i < 70; ++i) pass(util::Duration::seconds(1));
    EXPECT_EQ(&stream->failure(), &kTcpTimedOut);
}

TEST_F(Tcp_, IgnoresSegmentsOfOtherConnectionsAndResetsThem) {
    establish();
    port = static_cast<std::uint16_t>(port ^ 1);
    give(kAck, "not yours");
    auto reset = take().segment;
    EXPECT_EQ(reset.control, kRst);
    EXPECT_EQ(stream->readable(), 0u);
    EXPECT_EQ(peer.drops(Drop::TcpNoConnection), 1u) << "for ifstat";
}

}  // namespace net
