// Ethernet and ARP on an interface.
#include "net/ip/interface.h"

#include "tests/unit/net/stack_fixture.h"

namespace net {
namespace {

using util::Duration;
using InterfaceTest = OneStack;

constexpr Ipv4Address kUs{10, 0, 0, 1};

TEST(ArpWire, MessagesReadBack) {
    ArpMessage message{ArpOperation::Reply, kPeerMac, kPeer, {{2, 0, 0, 0, 0, 1}}, kUs};
    ArpHeader header = make_arp(message);
    auto parsed = parse_arp(std::as_bytes(std::span(&header, 1)));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->operation, ArpOperation::Reply);
    EXPECT_EQ(parsed->sender_mac, kPeerMac);
    EXPECT_EQ(parsed->sender, kPeer);
    EXPECT_EQ(parsed->target_mac, message.target_mac);
    EXPECT_EQ(parsed->target, kUs);
}

TEST(ArpWire, OtherHardwareProtocolsAndOperationsAreRefused) {
    ArpHeader good = make_arp({ArpOperation::Request, kPeerMac, kPeer, {}, kUs});
    auto parses = [](const ArpHeader& header) { return parse_arp(std::as_bytes(std::span(&header, 1))).has_value(); };
    EXPECT_TRUE(parses(good));
    auto broken = good;
    broken.hrd = 6;
    EXPECT_FALSE(parses(broken));
    broken = good;
    broken.pln = 16;
    EXPECT_FALSE(parses(broken));
    broken = good;
    broken.op = 3;
    EXPECT_FALSE(parses(broken));
    broken = good;
    broken.sha = MacAddress::broadcast();
    EXPECT_FALSE(parses(broken));
    EXPECT_FALSE(parse_arp(std::as_bytes(std::span(&good, 1)).first(27)));
}

TEST_F(InterfaceTest, AnnouncesItsAddressWhenConfigured) {
    machine.interface.configure(lan_config(7));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(header_at<EthernetHeader>(sent[0], 0).destination, MacAddress::broadcast());
    const auto& arp = header_at<ArpHeader>(sent[0], kIpAt);
    EXPECT_EQ(arp.spa, Ipv4Address(10, 0, 0, 7));
    EXPECT_EQ(arp.tpa, Ipv4Address(10, 0, 0, 7));
    EXPECT_EQ(arp.sha, machine.interface.mac());
}

TEST_F(InterfaceTest, DropsFramesThatAreNotForIt) {
    Frame frame = ipv4_frame({{2, 0, 0, 0, 0, 5}}, ipv4_header(kUs, 17), udp_bytes(1, 2, "x"));
    feed(frame);
    EXPECT_EQ(machine.drops(Drop::FrameForOthers), 1u);
    feed(ipv4_frame({{0x01, 0, 0x5e, 0, 0, 1}}, ipv4_header(Ipv4Address(224, 0, 0, 1), 17), udp_bytes(1, 2, "x")));
    EXPECT_EQ(machine.drops(Drop::FrameForOthers), 2u);
    frame.resize(13);
    feed(frame);
    EXPECT_EQ(machine.drops(Drop::FrameTooShort), 1u);
    Frame unknown;
    append(unknown, EthernetHeader{machine.interface.mac(), kPeerMac, 0x88cc});
    feed(unknown);
    EXPECT_EQ(machine.drops(Drop::FrameOfUnknownType), 1u);
    EXPECT_EQ(machine.interface.statistics().received_frames, 4u);
}

TEST_F(InterfaceTest, TakesPriorityTaggedFramesAndDropsOtherVlans) {
    auto tagged = [&](std::uint16_t control) {
        Frame frame;
        append(frame, EthernetHeader{machine.interface.mac(), kPeerMac, ether_type::kVlan});
        append(frame, VlanTag{control, ether_type::kArp});
        append(frame, make_arp({ArpOperation::Request, kPeerMac, kPeer, {}, kUs}));
        return frame;
    };
    feed(tagged(0xa000));
    EXPECT_EQ(sent_of_type(ether_type::kArp).size(), 1u);
    feed(tagged(0x0005));
    EXPECT_EQ(machine.drops(Drop::FrameOfOtherVlan), 1u);
    EXPECT_EQ(sent_of_type(ether_type::kArp).size(), 1u);
}

TEST_F(InterfaceTest, AnswersArpForItsAddressOnly) {
    feed(arp_frame(MacAddress::broadcast(), {ArpOperation::Request, kPeerMac, kPeer, {}, Ipv4Address(10, 0, 0, 2)}));
    EXPECT_TRUE(sent.empty());
    feed(arp_frame(MacAddress::broadcast(), {ArpOperation::Request, kPeerMac, kPeer, {}, kUs}));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(header_at<EthernetHeader>(sent[0], 0).destination, kPeerMac);
    const auto& arp = header_at<ArpHeader>(sent[0], kIpAt);
    EXPECT_EQ(arp.op, 2);
    EXPECT_EQ(arp.spa, kUs);
    EXPECT_EQ(arp.tpa, kPeer);
}

TEST_F(InterfaceTest, AsksAgainAndGivesUpWhenANeighbourIsSilent) {
    auto socket = UdpSocket::open(machine.stack, 0).take();
    ASSERT_TRUE(socket->send({kPeer, 9}, util::as_bytes("x")).ok());
    EXPECT_EQ(sent.size(), 1u);
    run_for(Duration::seconds(5));
    EXPECT_EQ(sent.size(), ArpCache::kTries);
    EXPECT_EQ(machine.drops(Drop::NeighbourSilent), 1u);
    EXPECT_EQ(loop.now().us(), 5000000);
}

TEST_F(InterfaceTest, SendsWhatWaitedWhenTheNeighbourAnswers) {
    auto socket = UdpSocket::open(machine.stack, 0).take();
    for (std::size_t i = 0; i < ArpCache::kWaitingPackets + 2; ++i)
        ASSERT_TRUE(socket->send({kPeer, 9}, util::as_bytes("x")).ok());
    EXPECT_EQ(sent.size(), 1u) << "one question is enough";
    EXPECT_EQ(machine.drops(Drop::NeighbourSilent), 2u);
    feed(arp_frame(machine.interface.mac(), {ArpOperation::Reply, kPeerMac, kPeer, machine.interface.mac(), kUs}));
    auto packets = sent_of_type(ether_type::kIpv4);
    ASSERT_EQ(packets.size(), ArpCache::kWaitingPackets);
    EXPECT_EQ(header_at<EthernetHeader>(packets[0], 0).destination, kPeerMac);
}

TEST_F(InterfaceTest, LearnsNothingFromUnaskedMessages) {
    feed(arp_frame(machine.interface.mac(), {ArpOperation::Reply, kPeerMac, kPeer, machine.interface.mac(), kUs}));
    feed(arp_frame(MacAddress::broadcast(), {ArpOperation::Request, kPeerMac, kPeer, {}, kPeer}));
    auto socket = UdpSocket::open(machine.stack, 0).take();
    ASSERT_TRUE(socket->send({kPeer, 9}, util::as_bytes("x")).ok());
    EXPECT_TRUE(sent_of_type(ether_type::kIpv4).empty());
}

TEST_F(InterfaceTest, FollowsANeighbourThatMoves) {
    know_peer();
    MacAddress moved{{2, 0, 0, 0, 0, 0x77}};
    feed(arp_frame(MacAddress::broadcast(), {ArpOperation::Request, moved, kPeer, {}, kPeer}));
    auto socket = UdpSocket::open(machine.stack, 0).take();
    ASSERT_TRUE(socket->send({kPeer, 9}, util::as_bytes("x")).ok());
    ASSERT_EQ(sent_of_type(ether_type::kIpv4).size(), 1u);
    EXPECT_EQ(header_at<EthernetHeader>(sent_of_type(ether_type::kIpv4)[0], 0).destination, moved);
}

TEST_F(InterfaceTest, ChecksAnOldNeighbourWithoutHoldingPacketsBack) {
    know_peer();
    run_for(ArpCache::kTrustTime + Duration::seconds(1));
    auto socket = UdpSocket::open(machine.stack, 0).take();
    machine.stack.poll(loop.now());
    ASSERT_TRUE(socket->send({kPeer, 9}, util::as_bytes("x")).ok());
    EXPECT_EQ(sent_of_type(ether_type::kIpv4).size(), 1u);
    auto questions = sent_of_type(ether_type::kArp);
    ASSERT_EQ(questions.size(), 1u);
    EXPECT_EQ(header_at<EthernetHeader>(questions[0], 0).destination, kPeerMac);
    run_for(Duration::seconds(5));
    ASSERT_TRUE(socket->send({kPeer, 9}, util::as_bytes("x")).ok());
    EXPECT_EQ(sent_of_type(ether_type::kIpv4).size(), 1u) << "it did not answer, so it is asked for anew";
}

TEST_F(InterfaceTest, ProbeFindsWhoHasTheAddress) {
    machine.interface.deconfigure();
    machine.interface.start_probe(kPeer, loop.now());
    ASSERT_EQ(sent.size(), 1u);
    const auto& probe = header_at<ArpHeader>(sent[0], kIpAt);
    EXPECT_TRUE(probe.spa.is_unspecified());
    EXPECT_EQ(probe.tpa, kPeer);
    EXPECT_EQ(machine.interface.probe_state(), Interface::ProbeState::Probing);
    feed(arp_frame(machine.interface.mac(), {ArpOperation::Reply, kPeerMac, kPeer, machine.interface.mac(), {}}));
    EXPECT_EQ(machine.interface.probe_state(), Interface::ProbeState::Conflict);
    EXPECT_EQ(machine.interface.probe_answered_by(), kPeerMac);
}

TEST_F(InterfaceTest, ProbeEndsFreeAfterASecondQuestion) {
    machine.interface.start_probe(kPeer, loop.now());
    run_for(Interface::kProbeWait + Duration::milliseconds(1));
    EXPECT_EQ(machine.interface.probe_state(), Interface::ProbeState::Free);
    EXPECT_EQ(sent.size(), 2u);
}

TEST_F(InterfaceTest, ProbeSeesAnotherMachineThatProbesToo) {
    machine.interface.start_probe(kPeer, loop.now());
    feed(arp_frame(MacAddress::broadcast(), {ArpOperation::Request, kPeerMac, {}, {}, kPeer}));
    EXPECT_EQ(machine.interface.probe_state(), Interface::ProbeState::Conflict);
}

TEST_F(InterfaceTest, ReportsAndDefendsAnAddressThatAnotherMachineUses) {
    for (int i = 0; i < 3; ++i)
        feed(arp_frame(MacAddress::broadcast(), {ArpOperation::Request, kPeerMac, kUs, {}, kUs}));
    EXPECT_EQ(machine.interface.address_conflicts(), 3u);
    EXPECT_EQ(machine.interface.address_conflict_with(), kPeerMac);
    EXPECT_EQ(sent.size(), 1u) << "one announcement, not a duel";
    EXPECT_NE(host::console_output().find("net0: 02:00:00:00:00:99 also uses our address 10.0.0.1"), std::string::npos)
        << host::console_output();
}

TEST_F(InterfaceTest, AnnouncesItselfWhenTheLinkComesBack) {
    machine.end.set_up(false);
    host::advance(Duration::milliseconds(20));
    settle();
    EXPECT_FALSE(machine.interface.link_up());
    machine.end.set_up(true);
    host::advance(Duration::milliseconds(20));
    settle();
    EXPECT_TRUE(machine.interface.link_up());
    EXPECT_EQ(sent_of_type(ether_type::kArp).size(), 1u);
}

TEST_F(InterfaceTest, QueuesWhatFindsTheRingFull) {
    wire.set_bandwidth(10'000'000);
    know_peer();
    auto socket = UdpSocket::open(machine.stack, 0).take();
    std::string text(1000, 'x');
    for (int i = 0; i < 140; ++i) (void)socket->send({kPeer, 9}, util::as_bytes(text));
    // The answer to the ARP request is in the ring as well.
    EXPECT_EQ(machine.drops(Drop::TransmitQueueFull), 140u - 63 - 64);
    run_for(Duration::seconds(1));
    EXPECT_EQ(sent_of_type(ether_type::kIpv4).size(), 127u);
}

TEST_F(InterfaceTest, HandlesABoundedNumberOfFramesInOnePoll) {
    for (unsigned i = 0; i < Interface::kFramesPerPoll + 10; ++i) machine.end.inject(Frame(4));
    machine.stack.poll(loop.now());
    EXPECT_EQ(machine.interface.statistics().received_frames, Interface::kFramesPerPoll);
}

TEST(Drop, EveryReasonHasItsOwnWords) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < kDropReasons; ++i) texts.push_back(drop_text(static_cast<Drop>(i)));
    std::sort(texts.begin(), texts.end());
    EXPECT_EQ(std::unique(texts.begin(), texts.end()), texts.end());
}

}  // namespace
}  // namespace net
