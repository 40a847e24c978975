// IPv4: headers, routes, fragments, path MTU.
#include "net/ip/ipv4.h"

#include "tests/unit/net/stack_fixture.h"

namespace net {
namespace {

using util::Duration;
using Ipv4Test = OneStack;

constexpr Ipv4Address kUs{10, 0, 0, 1};

class Ipv4WithSocket : public OneStack {
  protected:
    std::string receive() {
        auto datagram = socket->receive();
        return datagram ? std::string(util::as_text(datagram->payload.data())) : "(none)";
    }
    void feed_udp(Ipv4Header header, MacAddress to) { feed(ipv4_frame(to, header, udp_bytes(5, 2000, "hello"))); }
    // A fragment of the UDP datagram in `whole`.
    void feed_fragment(std::size_t offset, std::size_t size, util::Bytes whole, std::uint16_t id = 1) {
        Ipv4Header header = ipv4_header(kUs, 17);
        header.identification = id;
        bool more = offset + size < whole.size();
        header.flags_offset = static_cast<std::uint16_t>(offset / 8 | (more ? Ipv4Header::kMoreFragments : 0));
        feed(ipv4_frame(machine.interface.mac(), header, whole.subspan(offset, size)));
    }
    util::Owned<UdpSocket> socket = UdpSocket::open(machine.stack, 2000).take();
};

TEST_F(Ipv4WithSocket, DeliversWhatIsRight) {
    feed_udp(ipv4_header(kUs, 17), machine.interface.mac());
    EXPECT_EQ(receive(), "hello");
    EXPECT_EQ(machine.all_drops(), 0u);
}

TEST_F(Ipv4WithSocket, SkipsOptionsAndEthernetPadding) {
    Frame frame;
    append(frame, EthernetHeader{machine.interface.mac(), kPeerMac, ether_type::kIpv4});
    Ipv4Header header = ipv4_header(kUs, 17);
    header.version_ihl = 0x46;
    header.total_length = 24 + 8 + 5;
    std::uint8_t options[4] = {1, 1, 1, 0};
    header.header_checksum = checksum_field(
        checksum_add(checksum_add(0, std::as_bytes(std::span(&header, 1))), std::as_bytes(std::span(options))));
    append(frame, header);
    append(frame, options);
    append(frame, util::Bytes(udp_bytes(5, 2000, "hello")));
    frame.resize(60);
    feed(frame);
    EXPECT_EQ(receive(), "hello");
}

TEST_F(Ipv4WithSocket, DropsBrokenHeadersByReason) {
    Frame good = ipv4_frame(machine.interface.mac(), ipv4_header(kUs, 17), udp_bytes(5, 2000, "hello"));
    auto feed_changed = [&](std::size_t at, std::uint8_t value) {
        Frame frame = good;
        frame[kIpAt + at] = std::byte{value};
        feed(frame);
    };
    feed_changed(0, 0x65);  // version 6
    feed_changed(0, 0x44);  // header too short
    feed_changed(0, 0x4f);  // header longer than all
    feed_changed(2, 0xff);  // total length beyond the frame
    feed_changed(3, 19);    // total length below the header's
    EXPECT_EQ(machine.drops(Drop::IpHeaderBroken), 5u);
    feed_changed(8, 1);  // TTL changed
    EXPECT_EQ(machine.drops(Drop::IpHeaderChecksum), 1u);
    for (std::size_t size = kIpAt; size < good.size(); ++size) feed(Frame(good.begin(), good.begin() + size));
    EXPECT_EQ(machine.drops(Drop::IpHeaderBroken), 5u + good.size() - kIpAt);
    EXPECT_EQ(receive(), "(none)");
}

TEST_F(Ipv4WithSocket, DropsImpossibleSources) {
    const Ipv4Address sources[] = {Ipv4Address(127, 0, 0, 1), Ipv4Address(),       Ipv4Address(224, 0, 0, 1),
                                   Ipv4Address::broadcast(),  Ipv4Address(240, 0, 0, 1), Ipv4Address(10, 0, 0, 255),
                                   kUs};
    for (Ipv4Address source : sources) feed_udp(ipv4_header(kUs, 17, source), machine.interface.mac());
    EXPECT_EQ(machine.drops(Drop::IpSourceImpossible), std::size(sources));
    EXPECT_EQ(receive(), "(none)");
}

TEST_F(Ipv4WithSocket, TakesItsAddressAndBroadcastsOnly) {
    feed_udp(ipv4_header(Ipv4Address(10, 0, 0, 3), 17), machine.interface.mac());
    feed_udp(ipv4_header(Ipv4Address(224, 0, 0, 1), 17), machine.interface.mac());
    EXPECT_EQ(machine.drops(Drop::IpForOthers), 2u);
    feed_udp(ipv4_header(Ipv4Address(10, 0, 0, 255), 17), MacAddress::broadcast());
    EXPECT_EQ(receive(), "hello");
    feed_udp(ipv4_header(Ipv4Address::broadcast(), 17), MacAddress::broadcast());
    EXPECT_EQ(receive(), "hello");
    EXPECT_TRUE(sent.empty()) << "nobody asked us for anything";
}

TEST_F(Ipv4WithSocket, TakesUnicastBeforeItHasAnAddress) {
    machine.interface.deconfigure();
    feed_udp(ipv4_header(Ipv4Address(10, 0, 0, 42), 17), machine.interface.mac());
    EXPECT_EQ(receive(), "hello");
    feed_udp(ipv4_header(Ipv4Address(10, 0, 0, 42), 17), MacAddress::broadcast());
    EXPECT_EQ(receive(), "(none)");
}

TEST_F(Ipv4WithSocket, TrustsAChecksumThatTheNicHasVerified) {
    machine.end.set_checksum_offload(true);
    feed_udp(ipv4_header(kUs, 17), machine.interface.mac());
    EXPECT_EQ(receive(), "hello");
}

TEST_F(Ipv4WithSocket, CountsUnknownProtocols) {
    feed(ipv4_frame(machine.interface.mac(), ipv4_header(kUs, 132), udp_bytes(1, 2, "")));
    EXPECT_EQ(machine.drops(Drop::IpProtocolUnknown), 1u);
}

TEST_F(Ipv4WithSocket, ReassemblesFragmentsInAnyOrder) {
    std::string text;
    for (int i = 0; i < 1472; ++i) text += static_cast<char>('a' + i % 26);
    Frame whole = udp_bytes(5, 2000, text);
    feed_fragment(960, whole.size() - 960, whole);
    feed_fragment(0, 480, whole);
    EXPECT_EQ(receive(), "(none)");
    feed_fragment(480, 480, whole);
    EXPECT_EQ(receive(), text);
    EXPECT_EQ(machine.all_drops(), 0u);
}

TEST_F(Ipv4WithSocket, KeepsFragmentsOfSeveralDatagramsApart) {
    Frame one = udp_bytes(5, 2000, std::string(100, 'a')), two = udp_bytes(5, 2000, std::string(100, 'b'));
    feed_fragment(0, 48, one, 1);
    feed_fragment(0, 48, two, 2);
    feed_fragment(48, 60, two, 2);
    EXPECT_EQ(receive(), std::string(100, 'b'));
    feed_fragment(48, 60, one, 1);
    EXPECT_EQ(receive(), std::string(100, 'a'));
}

TEST_F(Ipv4WithSocket, IgnoresRepeatedFragments) {
    Frame whole = udp_bytes(5, 2000, std::string(100, 'a'));
    feed_fragment(0, 48, whole);
    feed_fragment(0, 48, whole);
    feed_fragment(48, 60, whole);
    EXPECT_EQ(receive(), std::string(100, 'a'));
    EXPECT_EQ(machine.all_drops(), 0u);
}

TEST_F(Ipv4WithSocket, DropsADatagramWhoseFragmentsOverlap) {
    Frame whole = udp_bytes(5, 2000, std::string(100, 'a'));
    Frame other = udp_bytes(5, 2000, std::string(100, 'b'));
    feed_fragment(0, 64, whole);
    feed_fragment(56, 52, other);
    EXPECT_EQ(machine.drops(Drop::FragmentsOverlap), 1u);
    feed_fragment(64, 44, whole);
    EXPECT_EQ(receive(), "(none)") << "nor what comes of it later (RFC 5722)";
    EXPECT_EQ(machine.drops(Drop::FragmentsOverlap), 1u);
}

TEST_F(Ipv4WithSocket, DropsFragmentsBeyondTheEnd) {
    Frame whole = udp_bytes(5, 2000, std::string(100, 'a'));
    feed_fragment(48, 60, whole);
    Frame longer = udp_bytes(5, 2000, std::string(300, 'a'));
    feed_fragment(112, 64, longer);
    EXPECT_EQ(machine.drops(Drop::FragmentsOverlap), 1u);
}

TEST_F(Ipv4WithSocket, DropsThePingOfDeath) {
    Frame piece(1480);
    Ipv4Header header = ipv4_header(kUs, 17);
    header.identification = 3;
    header.flags_offset = 0x1fff;
    feed(ipv4_frame(machine.interface.mac(), header, piece));
    header.identification = 4;
    header.flags_offset = Ipv4Header::kMoreFragments | 100;
    feed(ipv4_frame(machine.interface.mac(), header, piece));
    header.identification = 5;
    header.flags_offset = 240;
    feed(ipv4_frame(machine.interface.mac(), header, piece));
    EXPECT_EQ(machine.drops(Drop::FragmentsTooLarge), 3u);
}

TEST_F(Ipv4WithSocket, GivesUpIncompleteDatagramsAfterATime) {
    std::size_t available = machine.packets.pool().available();
    Frame whole = udp_bytes(5, 2000, std::string(100, 'a'));
    feed_fragment(0, 48, whole);
    EXPECT_EQ(machine.packets.pool().available(), available - 1);
    run_for(Reassembler::kTimeout + Duration::seconds(1));
    EXPECT_EQ(machine.packets.pool().available(), available);
    EXPECT_EQ(machine.drops(Drop::FragmentsIncomplete), 1u);
    feed_fragment(48, 60, whole);
    EXPECT_EQ(receive(), "(none)");
}

TEST_F(Ipv4WithSocket, HoldsABoundedNumberOfIncompleteDatagrams) {
    std::size_t available = machine.packets.pool().available();
    Frame whole = udp_bytes(5, 2000, std::string(100, 'a'));
    for (std::uint16_t id = 1; id <= 100; ++id) feed_fragment(0, 48, whole, id);
    EXPECT_EQ(machine.packets.pool().available(), available - Reassembler::kDatagrams);
    EXPECT_EQ(machine.drops(Drop::FragmentsIncomplete), 100 - Reassembler::kDatagrams);
    feed_fragment(48, 60, whole, 100);
    EXPECT_EQ(receive(), std::string(100, 'a'));
}

TEST_F(Ipv4WithSocket, EmptyAndOddFragmentsAreBroken) {
    Frame whole = udp_bytes(5, 2000, std::string(100, 'a'));
    feed_fragment(0, 50, whole, 1);
    feed_fragment(0, 0, whole, 2);
    EXPECT_EQ(machine.drops(Drop::IpHeaderBroken), 2u);
}

TEST_F(TwoStacks, LargeDatagramsAreFragmentedAndReassembled) {
    Ipv4Config config = lan_config(1);
    config.mtu = 576;
    a.interface.configure(config);
    auto sender = UdpSocket::open(a.stack, 0).take();
    auto receiver = UdpSocket::open(b.stack, 2000).take();
    std::string text;
    for (int i = 0; i < 1800; ++i) text += static_cast<char>(i);
    ASSERT_TRUE(sender->send({Ipv4Address(10, 0, 0, 2), 2000}, util::as_bytes(text)).ok());
    ASSERT_TRUE(loop.run_until([&] { return receiver->has_datagram(); }, loop.now() + Duration::seconds(1)).ok());
    EXPECT_EQ(util::as_text(receiver->receive()->payload.data()), text);
    EXPECT_GE(wire.frames_sent(), 4u + 2);
}

// Routes.

std::string next_hop(Stack& stack, Ipv4Address destination) {
    auto route = stack.route(destination);
    if (!route.ok()) return route.failure().text;
    return std::string(route.value().interface->name()) + " " + std::string(to_text(route.value().next_hop).view());
}

TEST_F(Ipv4Test, RoutesByTheLongestPrefix) {
    Ipv4Config config = lan_config(1);
    config.gateway = Ipv4Address(10, 0, 0, 254);
    config.routes[0] = {Ipv4Address(192, 168, 0, 0), 16, Ipv4Address(10, 0, 0, 253)};
    config.routes[1] = {Ipv4Address(192, 168, 7, 0), 24, Ipv4Address(10, 0, 0, 252)};
    config.routes[2] = {Ipv4Address(172, 16, 0, 0), 12, {}};
    config.route_count = 3;
    machine.interface.configure(config);
    EXPECT_EQ(next_hop(machine.stack, Ipv4Address(10, 0, 0, 9)), "net0 10.0.0.9");
    EXPECT_EQ(next_hop(machine.stack, Ipv4Address(8, 8, 8, 8)), "net0 10.0.0.254");
    EXPECT_EQ(next_hop(machine.stack, Ipv4Address(192, 168, 1, 1)), "net0 10.0.0.253");
    EXPECT_EQ(next_hop(machine.stack, Ipv4Address(192, 168, 7, 1)), "net0 10.0.0.252");
    EXPECT_EQ(next_hop(machine.stack, Ipv4Address(172, 17, 1, 1)), "net0 172.17.1.1");
    EXPECT_EQ(next_hop(machine.stack, Ipv4Address::broadcast()), "net0 255.255.255.255");
    EXPECT_EQ(next_hop(machine.stack, Ipv4Address(10, 0, 0, 255)), "net0 10.0.0.255");
}

TEST_F(Ipv4Test, FailsWithTheReasonWhenNoRouteLeadsThere) {
    EXPECT_EQ(&machine.stack.route(Ipv4Address(8, 8, 8, 8)).failure(), &kNoRoute);
    EXPECT_EQ(&machine.stack.route(Ipv4Address()).failure(), &kBadDestination);
    EXPECT_EQ(&machine.stack.route(Ipv4Address(127, 0, 0, 1)).failure(), &kBadDestination);
    EXPECT_EQ(&machine.stack.route(Ipv4Address(250, 0, 0, 1)).failure(), &kBadDestination);
    machine.interface.deconfigure();
    EXPECT_EQ(&machine.stack.route(kPeer).failure(), &kNoInterface);
}

TEST_F(Ipv4Test, ChoosesAmongInterfacesBySubnetAndLink) {
    host::WireEnd& second_end = wire.add_end(machine.packets.pool());
    Interface& second = *machine.stack.add(second_end).value();
    ASSERT_TRUE(second.open().ok());
    Ipv4Config config{.address = Ipv4Address(172, 16, 0, 1), .netmask = Ipv4Address(255, 255, 0, 0), .gateway = {}, .routes = {}};
    second.configure(config);
    EXPECT_EQ(next_hop(machine.stack, Ipv4Address(172, 16, 4, 4)), "net1 172.16.4.4");
    EXPECT_EQ(machine.stack.route(Ipv4Address(172, 16, 4, 4)).value().source, config.address);
    EXPECT_EQ(next_hop(machine.stack, kPeer), "net0 10.0.0.99");
    second.configure(lan_config(2));
    EXPECT_EQ(next_hop(machine.stack, kPeer), "net0 10.0.0.99");
    machine.end.set_up(false);
    EXPECT_EQ(next_hop(machine.stack, kPeer), "net1 10.0.0.99");
    second_end.set_up(false);
    EXPECT_EQ(next_hop(machine.stack, kPeer), "net0 10.0.0.99") << "a pulled cable may come back";
}

TEST_F(Ipv4Test, TooManyInterfacesAreRefused) {
    for (std::size_t i = 1; i < Stack::kMaximumInterfaces; ++i)
        ASSERT_TRUE(machine.stack.add(wire.add_end(machine.packets.pool())).ok());
    EXPECT_EQ(&machine.stack.add(wire.add_end(machine.packets.pool())).failure(), &kTooManyInterfaces);
    EXPECT_EQ(machine.stack.find_interface("net15"), &machine.stack.interface(15));
    EXPECT_EQ(machine.stack.find_interface("net16"), nullptr);
}

TEST(PathMtu, RemembersTheSmallestAndForgetsAfterATime) {
    PathMtuCache cache;
    util::Instant now;
    EXPECT_EQ(cache.find(kPeer, 1500, now), 1500);
    cache.learn(kPeer, 1400, 1500, now);
    EXPECT_EQ(cache.find(kPeer, 1500, now), 1400);
    EXPECT_EQ(cache.find(kPeer, 1300, now), 1300);
    cache.learn(kPeer, 1450, 1500, now);
    EXPECT_EQ(cache.find(kPeer, 1500, now), 1400);
    EXPECT_EQ(cache.find(kPeer, 1500, now + PathMtuCache::kLifetime), 1500);
}

TEST(PathMtu, GuessesWhenTheRouterDoesNotSayAndDoesNotBelieveNonsense) {
    PathMtuCache cache;
    util::Instant now;
    cache.learn(kPeer, 0, 1500, now);
    EXPECT_EQ(cache.find(kPeer, 1500, now), 1492);
    cache.learn(kPeer, 0, 1492, now);
    EXPECT_EQ(cache.find(kPeer, 1500, now), 1006);
    cache.learn(kPeer, 68, 1006, now);
    EXPECT_EQ(cache.find(kPeer, 1500, now), PathMtuCache::kMinimum);
    Ipv4Address other(1, 2, 3, 4);
    cache.learn(other, 9000, 1500, now);
    cache.learn(other, 1500, 1500, now);
    EXPECT_EQ(cache.find(other, 1500, now), 1500);
}

TEST(PathMtu, HoldsOnlySoMany) {
    PathMtuCache cache;
    for (std::uint32_t i = 1; i <= 20; ++i) cache.learn(Ipv4Address(i), 1400, 1500, util::Instant::at_us(i));
    int known = 0;
    for (std::uint32_t i = 1; i <= 20; ++i) known += cache.find(Ipv4Address(i), 1500, util::Instant::at_us(30)) == 1400;
    EXPECT_EQ(known, 8);
    EXPECT_EQ(cache.find(Ipv4Address(20), 1500, util::Instant::at_us(30)), 1400);
}

}  // namespace
}  // namespace net
