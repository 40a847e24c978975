#include "net/transport/udp.h"

#include "net/transport/icmp.h"
#include "tests/unit/net/stack_fixture.h"

namespace net {
namespace {

using util::Duration;
using UdpTest = OneStack;

constexpr Ipv4Address kUs{10, 0, 0, 1};

TEST_F(TwoStacks, UdpCarriesDatagramsBothWays) {
    auto client = UdpSocket::open(a.stack, UdpSocket::kAnyPort).take();
    auto server = UdpSocket::open(b.stack, 69).take();
    ASSERT_TRUE(client->send({Ipv4Address(10, 0, 0, 2), 69}, util::as_bytes("question")).ok());
    ASSERT_TRUE(loop.run_until([&] { return server->has_datagram(); }, loop.now() + Duration::seconds(1)).ok());
    auto question = server->receive();
    EXPECT_EQ(util::as_text(question->payload.data()), "question");
    EXPECT_EQ(question->from, (Ipv4Endpoint{kUs, client->local_port()}));
    EXPECT_EQ(question->to, Ipv4Address(10, 0, 0, 2));
    EXPECT_EQ(question->interface, &b.interface);
    ASSERT_TRUE(server->send(question->from, util::as_bytes("")).ok());
    ASSERT_TRUE(loop.run_until([&] { return client->has_datagram(); }, loop.now() + Duration::seconds(1)).ok());
    EXPECT_EQ(client->receive()->payload.size(), 0u);
    EXPECT_EQ(a.all_drops() + b.all_drops(), 0u);
    EXPECT_EQ(loop.now().us(), 0) << "nothing waits for a timer";
}

TEST_F(UdpTest, PortsAreExclusive) {
    auto first = UdpSocket::open(machine.stack, 68).take();
    EXPECT_EQ(&UdpSocket::open(machine.stack, 68).failure(), &kUdpPortInUse);
    auto bound = UdpSocket::open_on(machine.stack, machine.interface, 68);
    EXPECT_TRUE(bound.ok());
    first.reset();
    EXPECT_TRUE(UdpSocket::open(machine.stack, 68).ok());
}

TEST_F(UdpTest, AnyPortIsADynamicOneAndDiffers) {
    std::vector<util::Owned<UdpSocket>> sockets;
    std::vector<std::uint16_t> ports;
    for (int i = 0; i < 50; ++i) {
        sockets.push_back(UdpSocket::open(machine.stack, UdpSocket::kAnyPort).take());
        ports.push_back(sockets.back()->local_port());
        EXPECT_GE(ports.back(), 49152);
    }
    EXPECT_NE(ports[1], ports[0] + 1);
    std::sort(ports.begin(), ports.end());
    EXPECT_EQ(std::unique(ports.begin(), ports.end()), ports.end());
}

TEST_F(UdpTest, ASocketOfOneInterfaceComesFirstThere) {
    auto general = UdpSocket::open(machine.stack, 68).take();
    auto bound = UdpSocket::open_on(machine.stack, machine.interface, 68).take();
    feed(ipv4_frame(machine.interface.mac(), ipv4_header(kUs, 17), udp_bytes(67, 68, "x")));
    EXPECT_TRUE(bound->has_datagram());
    EXPECT_FALSE(general->has_datagram());
}

TEST_F(UdpTest, BroadcastsWithoutAnyConfiguration) {
    machine.interface.deconfigure();
    sent.clear();
    auto socket = UdpSocket::open_on(machine.stack, machine.interface, 68).take();
    EXPECT_EQ(&socket->send({Ipv4Address::broadcast(), 67}, util::as_bytes("x")).failure(), &kNoInterface);
    ASSERT_TRUE(socket->send_on(machine.interface, {}, {Ipv4Address::broadcast(), 67}, util::as_bytes("DISCOVER")).ok());
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(header_at<EthernetHeader>(sent[0], 0).destination, MacAddress::broadcast());
    const auto& ip = header_at<Ipv4Header>(sent[0], kIpAt);
    EXPECT_TRUE(ip.source.is_unspecified());
    EXPECT_TRUE(ip.destination.is_limited_broadcast());
    EXPECT_EQ(checksum_of(util::Bytes(sent[0]).subspan(kIpAt, 20)), 0);
    std::uint32_t pseudo = checksum_add_pseudo_header(0, ip.source, ip.destination, 17, 16);
    EXPECT_EQ(checksum_field(checksum_add(pseudo, util::Bytes(sent[0]).subspan(kTransportAt))), 0);
}

TEST_F(UdpTest, DropsWrongLengthsAndChecksums) {
    auto socket = UdpSocket::open(machine.stack, 2000).take();
    Frame good = udp_bytes(5, 2000, "hello");
    auto feed_with = [&](std::size_t at, std::uint8_t value) {
        Frame bytes = good;
        bytes[at] = std::byte{value};
        feed(ipv4_frame(machine.interface.mac(), ipv4_header(kUs, 17), bytes));
    };
    feed_with(5, 7);    // shorter than the header
    feed_with(5, 200);  // longer than the datagram
    feed(ipv4_frame(machine.interface.mac(), ipv4_header(kUs, 17), util::Bytes(good).first(7)));
    EXPECT_EQ(machine.drops(Drop::UdpMalformed), 3u);
    feed_with(6, 1);
    EXPECT_EQ(machine.drops(Drop::UdpChecksum), 1u);
    EXPECT_FALSE(socket->has_datagram());
    feed_with(5, 10);  // "he", and what is behind is padding
    EXPECT_EQ(util::as_text(socket->receive()->payload.data()), "he");
}

TEST_F(UdpTest, KeepsNoMoreThanTheQueueLimit) {
    auto socket = UdpSocket::open(machine.stack, 2000).take();
    socket->set_queue_limit(3);
    for (char c = 'a'; c < 'f'; ++c)
        feed(ipv4_frame(machine.interface.mac(), ipv4_header(kUs, 17), udp_bytes(5, 2000, {&c, 1})));
    EXPECT_EQ(machine.drops(Drop::UdpQueueFull), 2u);
    EXPECT_EQ(util::as_text(socket->receive()->payload.data()), "a");
    socket->set_queue_limit(1000000);
    EXPECT_EQ(socket->queue_limit(), machine.packets.pool().total() / 4);
}

TEST_F(UdpTest, AClosedSocketGivesItsPacketsBack) {
    std::size_t available = machine.packets.pool().available();
    auto socket = UdpSocket::open(machine.stack, 2000).take();
    feed(ipv4_frame(machine.interface.mac(), ipv4_header(kUs, 17), udp_bytes(5, 2000, "x")));
    EXPECT_EQ(machine.packets.pool().available(), available - 1);
    socket.reset();
    EXPECT_EQ(machine.packets.pool().available(), available);
}

TEST_F(UdpTest, TooLongDatagramsAreRefused) {
    auto socket = UdpSocket::open(machine.stack, 2000).take();
    std::vector<std::byte> payload(UdpSocket::kMaximumPayload + 1);
    EXPECT_EQ(&socket->send({kPeer, 9}, payload).failure(), &kUdpTooLong);
    payload.pop_back();
    EXPECT_TRUE(socket->send({kPeer, 9}, payload).ok());
}

TEST_F(TwoStacks, UdpToAClosedPortIsToldToTheSender) {
    auto client = UdpSocket::open(a.stack, UdpSocket::kAnyPort).take();
    ASSERT_TRUE(client->send({Ipv4Address(10, 0, 0, 2), 69}, util::as_bytes("x")).ok());
    ASSERT_TRUE(loop.run_until([&] { return client->peer_unreachable(); }, loop.now() + Duration::seconds(1)).ok());
    EXPECT_EQ(b.drops(Drop::UdpPortClosed), 1u);
    ASSERT_TRUE(client->send({Ipv4Address(10, 0, 0, 2), 70}, util::as_bytes("x")).ok());
    EXPECT_FALSE(client->peer_unreachable());
}

TEST_F(UdpTest, ClosedPortsAreNotSpokenOfToBroadcastsNorWithoutLimit) {
    know_peer();
    feed(ipv4_frame(MacAddress::broadcast(), ipv4_header(Ipv4Address(10, 0, 0, 255), 17), udp_bytes(5, 6, "x")));
    feed(ipv4_frame(MacAddress::broadcast(), ipv4_header(kUs, 17), udp_bytes(5, 6, "x")));
    EXPECT_TRUE(sent.empty());
    for (int i = 0; i < 100; ++i)
        feed(ipv4_frame(machine.interface.mac(), ipv4_header(kUs, 17), udp_bytes(5, 6, "x")));
    EXPECT_EQ(sent.size(), 8u);
    host::advance(Duration::seconds(1));
    feed(ipv4_frame(machine.interface.mac(), ipv4_header(kUs, 17), udp_bytes(5, 6, "x")));
    EXPECT_EQ(sent.size(), 9u);
}

}  // namespace
}  // namespace net
