// The parts of TCP by themselves: sequence numbers, round-trip times, congestion window, scoreboard and queues.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "net/transport/tcp_congestion.h"
#include "net/transport/tcp_receive_queue.h"
#include "net/transport/tcp_rtt.h"
#include "net/transport/tcp_scoreboard.h"
#include "net/transport/tcp_send_queue.h"
#include "tests/unit/net/tcp_peer.h"

namespace net {

TEST(TcpSequence, ComparesAcrossTheWrap) {
    TcpSequence before(0xfffffff0), after = before + 0x20;
    EXPECT_EQ(after.value(), 0x10u);
    EXPECT_TRUE(before < after && after > before && before <= after && after >= before);
    EXPECT_EQ(after - before, 0x20);
    EXPECT_EQ(before - after, -0x20);
    TcpSequence middle(0x7fffffff);
    EXPECT_TRUE(middle < middle + 1);
}

TEST(TcpRtt, WaitsOneSecondBeforeItHasMeasured) { EXPECT_EQ(TcpRtt().timeout().ms(), 1000); }

TEST(TcpRtt, NeverGoesBelowItsMinimum) {
    TcpRtt rtt;
    for (int i = 0; i < 20; ++i) rtt.sample(util::Duration::microseconds(100));
    EXPECT_EQ(rtt.timeout(), TcpRtt::kMinimum);
}

TEST(TcpRtt, DoublesUpToItsMaximumAndForgetsIt) {
    TcpRtt rtt;
    std::int64_t last = rtt.timeout().ms();
    for (int i = 0; i < 5; ++i) {
        rtt.back_off();
        EXPECT_EQ(rtt.timeout().ms(), last * 2);
        last *= 2;
    }
    for (int i = 0; i < 50; ++i) rtt.back_off();
    EXPECT_LE(rtt.timeout(), TcpRtt::kMaximum);
    rtt.end_back_off();
    EXPECT_EQ(rtt.timeout().ms(), 1000);
}

TEST(TcpRtt, FollowsASlowPath) {
    TcpRtt rtt;
    for (int i = 0; i < 100; ++i) rtt.sample(util::Duration::milliseconds(800));
    EXPECT_GE(rtt.timeout().ms(), 800);
    EXPECT_LE(rtt.timeout().ms(), 900);
}

TEST(TcpCongestion, BeginsWithTenSegmentsAndDoublesInSlowStart) {
    TcpCongestion congestion;
    congestion.start(1460);
    EXPECT_EQ(congestion.window(), 14600u);
    congestion.acknowledged(14600);
    EXPECT_EQ(congestion.window(), 29200u);
}

TEST(TcpCongestion, GrowsByOneSegmentAWindowAfterALoss) {
    TcpCongestion congestion;
    congestion.start(1000);
    congestion.enter_recovery(20000);
    EXPECT_EQ(congestion.window(), 10000u);
    congestion.acknowledged(10000);
    EXPECT_EQ(congestion.window(), 11000u);
}

TEST(TcpCongestion, BeginsAgainWithOneSegmentAfterATimeout) {
    TcpCongestion congestion;
    congestion.start(1000);
    congestion.timed_out(20000);
    EXPECT_EQ(congestion.window(), 1000u);
    for (int i = 0; i < 9; ++i) congestion.acknowledged(1000);
    EXPECT_EQ(congestion.window(), 10000u) << "slow start up to the threshold";
    congestion.acknowledged(1000);
    EXPECT_EQ(congestion.window(), 10000u) << "then avoidance";
}

TEST(TcpCongestion, NeverOverflows) {
    TcpCongestion congestion;
    congestion.start(65000);
    for (int i = 0; i < 100; ++i) congestion.acknowledged(1u << 30);
    EXPECT_LE(congestion.window(), 1u << 30);
}

TEST(TcpScoreboard, MergesRangesThatTouchAndOverlap) {
    TcpScoreboard board;
    TcpSequence base(0xffffff00);
    EXPECT_TRUE(board.add({base + 100, base + 200}));
    EXPECT_TRUE(board.add({base + 400, base + 500}));
    EXPECT_FALSE(board.add({base + 120, base + 180}));
    EXPECT_TRUE(board.add({base + 200, base + 300}));
    EXPECT_TRUE(board.add({base + 250, base + 450}));
    EXPECT_EQ(board.bytes(), 400u);
    EXPECT_EQ(board.highest(), base + 500);
    TcpRange hole = board.hole(base, base + 500);
    EXPECT_EQ(hole.begin, base);
    EXPECT_EQ(hole.end, base + 100);
}

TEST(TcpScoreboard, ForgetsWhatIsAcknowledged) {
    TcpScoreboard board;
    TcpSequence base(5);
    board.add({base + 10, base + 20});
    board.add({base + 30, base + 40});
    board.acknowledge(base + 35);
    EXPECT_EQ(board.bytes(), 5u);
    board.acknowledge(base + 50);
    EXPECT_TRUE(board.empty());
}

TEST(TcpScoreboard, AHostilePeerCannotOverfillIt) {
    TcpScoreboard board;
    for (std::uint32_t i = 0; i < 1000; ++i) board.add({TcpSequence(i * 10), TcpSequence(i * 10 + 5)});
    EXPECT_EQ(board.bytes(), TcpScoreboard::kRanges * 5u);
    EXPECT_TRUE(board.add({TcpSequence(0), TcpSequence(100000)})) << "one that covers all still fits";
    EXPECT_EQ(board.bytes(), 100000u);
}

TEST(TcpScoreboard, AgreesWithASetOfBytes) {
    std::mt19937 random(3);
    for (int round = 0; round < 300; ++round) {
        TcpScoreboard board;
        std::vector<bool> bytes(200);
        TcpSequence base(static_cast<std::uint32_t>(random()));
        for (int i = 0; i < 12; ++i) {
            std::uint32_t begin = random() % 180, end = begin + 1 + random() % 20;
            board.add({base + begin, base + end});
            for (auto at = begin; at < end; ++at) bytes[at] = true;
        }
        ASSERT_EQ(board.bytes(), static_cast<std::uint32_t>(std::count(bytes.begin(), bytes.end(), true)));
        std::uint32_t from = random() % 200;
        auto expected = std::find(bytes.begin() + from, bytes.end(), false) - bytes.begin();
        ASSERT_EQ(board.hole(base + from, base + 200).begin, base + static_cast<std::uint32_t>(expected));
    }
}

TEST(TcpSendQueue, IsARing) {
    TcpPeer memory{1};
    TcpSendQueue queue;
    ASSERT_TRUE(queue.allocate(4096).ok());
    std::mt19937 random(1);
    std::string model;
    for (int round = 0; round < 2000; ++round) {
        std::string more(random() % 3000, '\0');
        for (char& c : more) c = static_cast<char>(random());
        std::size_t taken = queue.push(util::as_bytes(more));
        ASSERT_EQ(taken, std::min(more.size(), 4096 - model.size()));
        model += more.substr(0, taken);
        std::size_t offset = model.empty() ? 0 : random() % model.size();
        Packet packet = memory.packets().allocate();
        std::size_t fits = std::min(model.size() - offset, packet.tailroom());
        ASSERT_EQ(queue.append_to(packet, offset, model.size() - offset), fits);
        ASSERT_EQ(util::as_text(packet.data()), std::string_view(model).substr(offset, fits));
        std::size_t gone = model.empty() ? 0 : random() % (model.size() + 1);
        queue.acknowledge(gone);
        model.erase(0, gone);
        ASSERT_EQ(queue.size(), model.size());
    }
}

class TcpReceiveQueueTest : public testing::Test {
  protected:
    TcpPeer memory{64};
    TcpReceiveQueue queue;
    TcpSequence start{0xffffffe0}, next{start};
    std::string text = "the quick brown fox jumps over the lazy dog and runs away from it all";

    auto insert(std::uint32_t at, std::size_t size, std::size_t early = 30) {
        Packet packet = memory.packets().allocate();
        std::memcpy(packet.append(size).data(), text.data() + at, size);
        return queue.insert(std::move(packet), start + at, next, early);
    }
    std::string read() {
        std::string all;
        while (!queue.peek().empty()) {
            all += util::as_text(queue.peek());
            queue.consume(queue.peek().size());
        }
        return all;
    }
};

TEST_F(TcpReceiveQueueTest, YieldsWhatWasSentWhateverTheOrderAndTheOverlaps) {
    std::mt19937 random(5);
    for (int round = 0; round < 500; ++round) {
        queue.clear();
        start = next = TcpSequence(static_cast<std::uint32_t>(random()));
        for (int i = 0; i < 25; ++i) {
            std::uint32_t at = random() % text.size();
            insert(at, 1 + random() % std::min<std::size_t>(20, text.size() - at));
        }
        auto size = static_cast<std::size_t>(next - start);
        ASSERT_EQ(queue.readable(), size);
        ASSERT_EQ(read(), text.substr(0, size));
        insert(static_cast<std::uint32_t>(size), text.size() - size);
        ASSERT_EQ(read(), text.substr(size));
        ASSERT_FALSE(queue.has_early());
        ASSERT_EQ(memory.packets().available(), memory.packets().total());
    }
}

TEST_F(TcpReceiveQueueTest, KeepsNoMoreEarlyPacketsThanItMay) {
    for (std::uint32_t i = 0; i < 10; ++i) insert(2 + i * 4, 2, 4);
    EXPECT_EQ(queue.packets(), 4u);
    EXPECT_EQ(insert(60, 2, 4), TcpReceiveQueue::Outcome::NoRoom);
    EXPECT_EQ(insert(0, 2, 4), TcpReceiveQueue::Outcome::Advanced) << "what is due is always taken";
}

TEST_F(TcpReceiveQueueTest, ReportsTheNewestRangeFirstAndAtMostFour) {
    std::array<TcpRange, TcpSegment::kMaximumSackBlocks> blocks;
    for (std::uint32_t i = 0; i < 6; ++i) insert(4 + i * 8, 3);
    EXPECT_EQ(queue.sack_blocks(blocks), 4);
    EXPECT_EQ(blocks[0].begin, start + 44);
    insert(7, 2);
    EXPECT_EQ(queue.sack_blocks(blocks), 4);
    EXPECT_EQ(blocks[0].begin, start + 4) << "grown, so the newest";
    EXPECT_EQ(blocks[0].end, start + 9);
}

}  // namespace net
