#include "net/transport/icmp.h"

#include "tests/unit/net/stack_fixture.h"

namespace net {
namespace {

using util::Duration;

constexpr Ipv4Address kUs{10, 0, 0, 1};

class IcmpTest : public OneStack {
  protected:
    Frame icmp_bytes(IcmpHeader header, util::Bytes body) {
        Frame bytes;
        append(bytes, header);
        append(bytes, body);
        std::uint16_t checksum = checksum_of(bytes);
        bytes[2] = std::byte(checksum >> 8);
        bytes[3] = std::byte(checksum & 0xff);
        return bytes;
    }
    void feed_icmp(IcmpHeader header, util::Bytes body, Ipv4Address from = kPeer) {
        feed(ipv4_frame(machine.interface.mac(), ipv4_header(kUs, 1, from), icmp_bytes(header, body)));
    }
    // An error from a router about the last datagram that we sent.
    void feed_error(IcmpHeader header, Ipv4Address claimed_source = kUs) {
        Frame quote(sent.back().begin() + kIpAt, sent.back().begin() + kTransportAt + 8);
        std::memcpy(quote.data() + 12, &claimed_source, 4);
        feed_icmp(header, quote, Ipv4Address(10, 0, 0, 254));
    }
};

TEST_F(TwoStacks, PingIsAnswered) {
    ASSERT_TRUE(a.stack.icmp().send_echo(Ipv4Address(10, 0, 0, 2), 77, 1, 56).ok());
    ASSERT_TRUE(loop.run_until([&] { return a.stack.icmp().echo_reply().has_value(); }, loop.now() + Duration::seconds(1)).ok());
    EXPECT_EQ(a.stack.icmp().echo_reply()->from, Ipv4Address(10, 0, 0, 2));
    EXPECT_EQ(a.stack.icmp().echo_reply()->payload_size, 56);
    EXPECT_EQ(a.stack.icmp().echo_reply()->sequence, 1);
}

TEST_F(TwoStacks, LargePingIsFragmentedBothWays) {
    ASSERT_TRUE(a.stack.icmp().send_echo(Ipv4Address(10, 0, 0, 2), 77, 1, 1900).ok());
    ASSERT_TRUE(loop.run_until([&] { return a.stack.icmp().echo_reply().has_value(); }, loop.now() + Duration::seconds(1)).ok());
    EXPECT_EQ(a.stack.icmp().echo_reply()->payload_size, 1900);
    EXPECT_EQ(&a.stack.icmp().send_echo(Ipv4Address(10, 0, 0, 2), 77, 1, 60000).failure(), &util::kTooLong);
}

TEST_F(IcmpTest, BroadcastPingsAndBrokenOnesAreNotAnswered) {
    know_peer();
    Frame echo = icmp_bytes({IcmpType::Echo, 0, 0, 1, 1}, {});
    feed(ipv4_frame(MacAddress::broadcast(), ipv4_header(Ipv4Address(10, 0, 0, 255), 1), echo));
    EXPECT_TRUE(sent.empty());
    echo[7] = std::byte{9};
    feed(ipv4_frame(machine.interface.mac(), ipv4_header(kUs, 1), echo));
    feed(ipv4_frame(machine.interface.mac(), ipv4_header(kUs, 1), util::Bytes(echo).first(7)));
    EXPECT_EQ(machine.drops(Drop::IcmpMalformed), 2u);
    EXPECT_TRUE(sent.empty());
}

TEST_F(IcmpTest, PingFloodsAreAnsweredInPart) {
    know_peer();
    for (int i = 0; i < 500; ++i) feed_icmp({IcmpType::Echo, 0, 0, 1, 1}, {});
    EXPECT_LE(sent.size(), 64u);
    EXPECT_GE(sent.size(), 32u);
}

TEST_F(IcmpTest, RepliesThatNobodyAskedForAreCounted) {
    feed_icmp({IcmpType::EchoReply, 0, 0, 1, 1}, {});
    EXPECT_EQ(machine.drops(Drop::IcmpNotOurs), 1u);
    EXPECT_FALSE(machine.stack.icmp().echo_reply());
}

TEST_F(IcmpTest, ErrorsReachWhoSentTheDatagram) {
    know_peer();
    auto socket = UdpSocket::open(machine.stack, 0).take();
    ASSERT_TRUE(socket->send({kPeer, 9}, util::as_bytes("hello")).ok());
    feed_error({IcmpType::DestinationUnreachable, icmp_unreachable::kPort, 0, 0, 0}, Ipv4Address(10, 0, 0, 7));
    EXPECT_FALSE(socket->peer_unreachable()) << "the quoted datagram is another's";
    feed_error({IcmpType::TimeExceeded, 0, 0, 0, 0});
    EXPECT_FALSE(socket->peer_unreachable());
    feed_error({IcmpType::DestinationUnreachable, icmp_unreachable::kPort, 0, 0, 0});
    EXPECT_TRUE(socket->peer_unreachable());
    EXPECT_EQ(machine.drops(Drop::IcmpNotOurs), 1u);
}

TEST_F(IcmpTest, FragmentationNeededLowersThePathMtuForOursOnly) {
    know_peer();
    auto socket = UdpSocket::open(machine.stack, 0).take();
    std::string text(1400, 'x');
    ASSERT_TRUE(socket->send({kPeer, 9}, util::as_bytes(text)).ok());
    IcmpHeader needed{IcmpType::DestinationUnreachable, icmp_unreachable::kFragmentationNeeded, 0, 0, 1200};
    feed_error(needed, Ipv4Address(10, 0, 0, 7));
    EXPECT_EQ(machine.stack.route(kPeer).value().mtu, 1500);
    feed_error(needed);
    EXPECT_EQ(machine.stack.route(kPeer).value().mtu, 1200);
    socket.reset();
    needed.sequence = 900;
    feed_error(needed);
    EXPECT_EQ(machine.stack.route(kPeer).value().mtu, 1200) << "there is no such socket any more";
}

TEST_F(IcmpTest, TruncatedQuotesAreMalformed) {
    Frame quote(27);
    quote[0] = std::byte{0x45};
    feed_icmp({IcmpType::DestinationUnreachable, 3, 0, 0, 0}, quote);
    quote.resize(60);
    quote[0] = std::byte{0x4f};
    feed_icmp({IcmpType::DestinationUnreachable, 3, 0, 0, 0}, quote);
    quote[0] = std::byte{0x41};
    feed_icmp({IcmpType::DestinationUnreachable, 3, 0, 0, 0}, quote);
    EXPECT_EQ(machine.drops(Drop::IcmpMalformed), 3u);
}

TEST_F(IcmpTest, PingLearnsThatARouterGaveUp) {
    know_peer();
    ASSERT_TRUE(machine.stack.icmp().send_echo(kPeer, 5, 1, 32).ok());
    feed_error({IcmpType::TimeExceeded, 0, 0, 0, 0});
    EXPECT_EQ(machine.stack.icmp().echo_error(), Ipv4Error::Kind::TimeExceeded);
}

TEST_F(IcmpTest, RedirectsChangeNothing) {
    know_peer();
    auto socket = UdpSocket::open(machine.stack, 0).take();
    ASSERT_TRUE(socket->send({kPeer, 9}, util::as_bytes("hello")).ok());
    feed_error({IcmpType::Redirect, 1, 0, 0x0a00, 0x0005});
    EXPECT_EQ(machine.stack.route(kPeer).value().next_hop, kPeer);
}

TEST(RateLimit, AllowsABurstAndThenOneEachInterval) {
    RateLimit limit(3, Duration::milliseconds(10));
    util::Instant now = util::Instant::at_us(5'000'000);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.allow(now));
    EXPECT_FALSE(limit.allow(now));
    EXPECT_TRUE(limit.allow(now + Duration::milliseconds(10)));
    EXPECT_FALSE(limit.allow(now + Duration::milliseconds(19)));
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.allow(now + Duration::seconds(60)));
    EXPECT_FALSE(limit.allow(now + Duration::seconds(60)));
}

}  // namespace
}  // namespace net
