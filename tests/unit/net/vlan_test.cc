// VLANs on a virtual wire: what is tagged, who gets what, and when the driver is open.
#include "net/ip/vlan.h"

#include "tests/unit/net/stack_fixture.h"

namespace net {
namespace {

// A trunk with VLANs 100 and 0 at one end; frames are recorded and injected at the wire.
class Vlan : public OneStack {
  protected:
    Vlan() : trunk(machine.interface), vlan(*machine.stack.add(machine.end).value()) {
        trunk.add(vlan, 100, 0).take();
        EXPECT_TRUE(vlan.open().ok());
        vlan.configure(lan_config(7));
        settle();
        sent.clear();
    }
    ~Vlan() override {
        vlan.close();
        machine.interface.close();
    }
    // A question for our address on a VLAN, or without a tag.
    Frame question(std::optional<std::uint16_t> control, std::uint8_t host) {
        Frame frame;
        append(frame, EthernetHeader{MacAddress::broadcast(), kPeerMac, control ? ether_type::kVlan : ether_type::kArp});
        if (control) append(frame, VlanTag{*control, ether_type::kArp});
        append(frame, make_arp({ArpOperation::Request, kPeerMac, kPeer, {}, Ipv4Address(10, 0, 0, host)}));
        return frame;
    }
    VlanTrunk trunk;
    Interface& vlan;
};

TEST_F(Vlan, IsAnInterfaceNamedAfterTrunkAndId) {
    EXPECT_EQ(vlan.name(), "net0-100");
    EXPECT_EQ(vlan.vlan_id(), 100);
    EXPECT_EQ(vlan.mac(), machine.interface.mac());
    EXPECT_FALSE(machine.interface.vlan_id());
    EXPECT_TRUE(vlan.link_up());
    EXPECT_EQ(vlan.mtu(), 1500);
}

TEST_F(Vlan, AnswersOnItsVlanOnly) {
    feed(question(100, 7));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(header_at<EthernetHeader>(sent[0], 0).type, ether_type::kVlan);
    EXPECT_EQ(header_at<VlanTag>(sent[0], 14).control, 100u);
    EXPECT_EQ(header_at<VlanTag>(sent[0], 14).type, ether_type::kArp);
    EXPECT_EQ(header_at<EthernetHeader>(sent[0], 0).destination, kPeerMac);
    for (auto control : {std::optional<std::uint16_t>(), std::optional<std::uint16_t>(101)}) feed(question(control, 7));
    EXPECT_EQ(sent.size(), 1u);
    EXPECT_EQ(machine.drops(Drop::FrameOfOtherVlan), 1u);
}

TEST_F(Vlan, TakesFramesOfAnyPriority) {
    feed(question(static_cast<std::uint16_t>(0xe000 | 100), 7));
    EXPECT_EQ(sent.size(), 1u);
}

TEST_F(Vlan, SendsWithItsPriority) {
    trunk.find(100)->set_priority(5);
    feed(question(100, 7));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(header_at<VlanTag>(sent[0], 14).control, 5u << 13 | 100u);
}

TEST_F(Vlan, LeavesTheTrunkItsUntaggedFrames) {
    feed(question(std::nullopt, 1));
    feed(question(0, 1));  // priority only
    ASSERT_EQ(sent.size(), 2u);
    EXPECT_EQ(header_at<EthernetHeader>(sent[0], 0).type, ether_type::kArp);
}

TEST_F(Vlan, ZeroIsOneToo) {
    Interface& zero = *machine.stack.add(machine.end).value();
    trunk.add(zero, 0, 3).take();
    EXPECT_TRUE(zero.open().ok());
    zero.configure(lan_config(8));
    sent.clear();
    feed(question(0, 8));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(header_at<VlanTag>(sent[0], 14).control, 3u << 13);
    zero.close();
}

TEST_F(Vlan, KeepsTheDriverOpenWithoutItsTrunk) {
    machine.interface.close();
    EXPECT_TRUE(machine.end.is_open());
    feed(question(100, 7));
    EXPECT_EQ(sent.size(), 1u);
    vlan.close();
    EXPECT_FALSE(machine.end.is_open());
    EXPECT_TRUE(machine.interface.open().ok());
    EXPECT_TRUE(machine.end.is_open());
}

TEST_F(Vlan, LeavesAnInterfaceWithTheDriverWhenItGoes) {
    trunk.remove(100);
    EXPECT_FALSE(vlan.is_open());
    EXPECT_FALSE(vlan.config());
    EXPECT_EQ(&vlan.link(), &machine.end);
    EXPECT_TRUE(machine.end.is_open());  // the trunk's interface is
    feed(question(100, 7));
    EXPECT_TRUE(sent.empty());
    trunk.add(vlan, 200, 0).take();
    EXPECT_EQ(vlan.name(), "net0-200");
}

TEST_F(Vlan, LosesFramesBeyondItsQueueOnly) {
    machine.interface.close();
    vlan.close();
    EXPECT_TRUE(machine.interface.open().ok());
    settle();
    sent.clear();
    for (int i = 0; i < 200; ++i) machine.end.inject(question(100, 7));  // nobody's
    machine.end.inject(question(std::nullopt, 1));
    settle();
    EXPECT_EQ(sent.size(), 1u);
    EXPECT_GT(machine.packets.pool().available(), 100u);
}

TEST_F(Vlan, TriesAgainWithTheSameFrameWhenTheRingIsFull) {
    wire.set_bandwidth(1000);
    Packet packet = machine.packets.pool().allocate();
    Frame frame = question(std::nullopt, 9);
    std::memcpy(packet.append(frame.size()).data(), frame.data(), frame.size());
    Link& link = vlan.link();
    unsigned taken = 0;
    for (;; ++taken) {
        ASSERT_LT(taken, 1000u);
        Packet other = machine.packets.pool().allocate();
        std::memcpy(other.append(frame.size()).data(), frame.data(), frame.size());
        if (!link.transmit(other)) break;
    }
    EXPECT_FALSE(link.transmit(packet));
    EXPECT_EQ(util::as_text(packet.data()), util::as_text(util::Bytes(frame)));
}

// Two machines behind one cable, each with a stack: TCP-sized datagrams both ways.
TEST(VlanPair, CarriesFullDatagramsBothWays) {
    host::reset();
    util::Loop loop;
    host::VirtualWire wire{loop};
    TestHost a{loop, wire, 0}, b{loop, wire, 0};
    VlanTrunk trunk_a(a.interface), trunk_b(b.interface);
    Interface &vlan_a = *a.stack.add(a.end).value(), &vlan_b = *b.stack.add(b.end).value();
    trunk_a.add(vlan_a, 4094, 1).take();
    trunk_b.add(vlan_b, 4094, 0).take();
    vlan_a.configure(lan_config(1));
    vlan_b.configure(lan_config(2));
    EXPECT_TRUE(vlan_a.open().ok() && vlan_b.open().ok());
    auto from = UdpSocket::open(a.stack, 5000).take(), to = UdpSocket::open(b.stack, 6000).take();
    std::string payload(1472, 'x');
    EXPECT_TRUE(from->send({Ipv4Address(10, 0, 0, 2), 6000}, util::as_bytes(payload)).ok());
    EXPECT_TRUE(loop.run_until([&] { return to->has_datagram(); }, loop.now() + util::Duration::seconds(1)).ok());
    auto got = to->receive();
    ASSERT_TRUE(got);
    EXPECT_EQ(util::as_text(got->payload.data()), payload);
    EXPECT_EQ(got->interface, &vlan_b);
    EXPECT_TRUE(to->send(got->from, util::as_bytes(payload)).ok());
    EXPECT_TRUE(loop.run_until([&] { return from->has_datagram(); }, loop.now() + util::Duration::seconds(1)).ok());
    for (Interface* interface : {&vlan_a, &vlan_b, &a.interface, &b.interface}) interface->close();
}

}  // namespace
}  // namespace net
