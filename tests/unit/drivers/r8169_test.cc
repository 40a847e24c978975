// The driver r8169 on fakes of the chips that differ most.
#include "tests/unit/drivers/driver_fixture.h"
#include "tests/unit/drivers/fake_r8169.h"

namespace {

class R8169 : public DriverFixture, public ::testing::WithParamInterface<FakeR8169::Model> {
  protected:
    FakeR8169& device = make<FakeR8169>(GetParam());
    bool fast() const { return GetParam().fast; }
    net::LinkState later() {
        for (unsigned i = 0; i < 1000; ++i) link->state();
        return link->state();
    }
    net::LinkState best() const { return {.up = true, .megabits = fast() ? 100u : 1000u, .duplex = net::Duplex::Full}; }
};

constexpr FakeR8169::Model kRealtekModels[] = {
    {.name = "Rtl8169", .device = 0x8169, .revision = 0x00000000, .express = false},
    {.name = "Rtl8110Sc", .device = 0x8167, .revision = 0x18000000, .express = false},
    {.name = "Rtl8169WithoutPorts", .device = 0x8169, .revision = 0x04000000, .express = false, .has_ports = false},
    {.name = "Eg1032", .device = 0x1032, .revision = 0x00800000, .express = false, .vendor = 0x1737, .subsystem = 0x0024},
    {.name = "Rtl8168B", .revision = 0x38000000},
    {.name = "Rtl8168C", .revision = 0x3c000000, .has_ports = false},
    {.name = "Rtl8101E", .device = 0x8136, .revision = 0x34000000, .fast = true},
    {.name = "Rtl8106E", .device = 0x8136, .revision = 0x44800000, .fast = true, .has_phy_power = true},
    {.name = "Rtl8168D", .revision = 0x28000000, .has_phy_power = true},
    {.name = "Rtl8168F", .revision = 0x48000000, .has_phy_power = true},
    {.name = "Rtl8168G", .revision = 0x4c000000, .has_gate = true, .has_phy_power = true},
    {.name = "Rtl8168H", .revision = 0x54000000, .has_gate = true, .has_phy_power = true, .has_ports = false},
};
INSTANTIATE_TEST_SUITE_P(Chips, R8169, ::testing::ValuesIn(kRealtekModels), [](const auto& info) { return info.param.name; });

TEST_P(R8169, SaysWhoItIsWithoutBeingOpened) {
    probe(device);
    EXPECT_EQ(link->address().octets, FakeR8169::kMac);
    EXPECT_EQ(link->identity().driver, "r8169");
    EXPECT_EQ(device.resets, 0u);
    EXPECT_FALSE(device.decodes_io());
}

TEST_P(R8169, OpensAChipThatAnotherDriverLeftRunning) {
    device.leave_running();
    open(device);
    expect_it_carries(device, 100);
}

TEST_P(R8169, TakesBurstsOfItsWholeCapacityRoundTheRing) {
    open(device);
    EXPECT_GE(link->receive_capacity(), 100u);
    expect_whole_bursts(device);
}

TEST_P(R8169, GoesOnAfterItsRingWasFull) {
    open(device);
    unsigned arrived = 0;
    while (device.deliver(frame(1518, arrived))) ++arrived;
    EXPECT_EQ(arrived, 128u);
    for (unsigned i = 0; i < arrived; ++i) ASSERT_EQ(bytes_of(link->receive()), frame(1518, i));
    expect_it_carries(device, 99);
    EXPECT_EQ(later(), best());
    EXPECT_EQ(device.resets, 1u);
}

TEST_P(R8169, AccessesNoRegisterToReceive) {
    open(device);
    expect_no_access_to_receive(device);
}

TEST_P(R8169, SendsFramesAndPadsShortOnes) {
    open(device);
    for (unsigned round = 0; round < 50; ++round)
        for (unsigned size : {42u, 60u, 61u, 1514u, 1518u}) {
            bus.take_accesses();
            EXPECT_TRUE(send(frame(size, size)));
            EXPECT_EQ(bus.take_accesses(), (host::Accesses{.reads = 0, .writes = 1}));
            auto expected = frame(size, size);
            expected.resize(std::max(size, 60u));
            ASSERT_EQ(device.sent.back(), expected);
        }
    EXPECT_TRUE(send(frame(13)));
    EXPECT_EQ(device.sent.size(), 250u);
    std::size_t before = pool.available();
    link->receive();
    EXPECT_EQ(pool.available(), before + 1) << "sent packets come back";
}

TEST_P(R8169, KeepsAPacketWhenTheRingIsFull) {
    device.sends_at_once = false;
    open(device);
    unsigned taken = 0;
    while (taken < 200 && send(frame(600, taken))) ++taken;
    EXPECT_EQ(taken, 128u);
    net::Packet out = packet(frame(42, 7));
    EXPECT_FALSE(link->transmit(out));
    EXPECT_EQ(bytes_of(out), frame(42, 7));
    device.finish_sending(1);
    EXPECT_TRUE(link->transmit(out));
}

TEST_P(R8169, SendsWhatWasDemandedWhileItSent) {
    device.sends_at_once = false;
    open(device);
    for (unsigned i = 0; i < 5; ++i) EXPECT_TRUE(send(frame(100, i)));
    EXPECT_EQ(device.unseen_demands, GetParam().express ? 4u : 0u);
    for (unsigned i = 0; i < 5; ++i) {
        device.finish_sending(1);
        link->receive();
    }
    ASSERT_EQ(device.sent.size(), 5u);
    for (unsigned i = 0; i < 5; ++i) EXPECT_EQ(device.sent[i], frame(100, i));
    bus.take_accesses();
    link->receive();
    EXPECT_EQ(bus.take_accesses(), host::Accesses{}) << "nothing is left to demand";
}

TEST_P(R8169, DropsWhatIsNoWholeGoodFrame) {
    open(device);
    using How = FakeR8169::How;
    for (How how : {How{.without = 0x10000000}, How{.without = 0x20000000}, How{.status = 0x00200000}, How{.length = 3}, How{.length = 4},
                    How{.length = 2000}, How{.length = 0x3fff}})
        EXPECT_TRUE(device.deliver(frame(100), how));
    for (unsigned size : {1519u, 2044u, 2045u, 2048u, 4000u, 9000u}) EXPECT_TRUE(device.deliver(frame(size)));
    expect_it_carries(device, 101);
    EXPECT_FALSE(link->receive());
}

TEST_P(R8169, LeavesALinkThatIsUpAlone) {
    open(device);
    EXPECT_EQ(device.restarts, 0u);
    EXPECT_EQ(later(), best());
    device.plug_cable(true, 100, false);
    EXPECT_EQ(later(), (net::LinkState{.up = true, .megabits = 100, .duplex = net::Duplex::Half}));
    device.plug_cable(true, 10);
    EXPECT_EQ(later(), (net::LinkState{.up = true, .megabits = 10, .duplex = net::Duplex::Full}));
    device.plug_cable(false);
    EXPECT_EQ(later(), net::LinkState{});
}

TEST_P(R8169, WakesWhatAnOperatingSystemHasSwitchedOff) {
    device.leave_asleep();
    open(device);
    EXPECT_EQ(later(), best());
    expect_it_carries(device, 100);
}

TEST_P(R8169, AsksForFullSpeedWhereAnOperatingSystemHasAskedForLess) {
    device.leave_slow();
    open(device);
    EXPECT_EQ(device.restarts, 1u);
    EXPECT_EQ(later(), best());
}

TEST_P(R8169, StartsAnewAfterAnErrorOfTheBusAndAnOverflow) {
    open(device);
    for (auto stop : {&FakeR8169::break_bus, &FakeR8169::overflow}) {
        (device.*stop)();
        EXPECT_FALSE(device.deliver(frame(100)));
        for (unsigned i = 0; i < 300 && device.resets % 2; ++i) EXPECT_TRUE(link->state().up || i == 0) << i;
        EXPECT_EQ(later(), best());
        expect_it_carries(device, 100);
        EXPECT_TRUE(send(frame(100)));
        EXPECT_EQ(device.sent.back(), frame(100));
    }
    EXPECT_EQ(device.restarts, 0u) << "the link stays up";
}

TEST_P(R8169, SaysThatTheLinkIsDownWhenTheDeviceIsGone) {
    open(device);
    EXPECT_TRUE(later().up);
    device.dead = true;
    EXPECT_FALSE(later().up);
    EXPECT_EQ(pool.available(), pool.total());
}

TEST_P(R8169, IsQuietAfterClosingAndOpensAgain) {
    open(device);
    expect_quiet_when_closed(device);
    link->close();
    if (GetParam().express) EXPECT_EQ(device.link_control(), 0x0143) << "as the BIOS has left it";
}

TEST_P(R8169, FailsWithoutMemoryAnAddressOrAnAnswer) {
    probe(device);
    host::limit_dma(pool_memory.size() + 1000);
    auto opened = link->open();
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(&opened.failure(), &util::kOutOfMemory);
    EXPECT_TRUE(device.is_quiet());
    device.dead = true;
    opened = link->open();
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(&opened.failure(), &drivers::kNoAnswer);
    link.reset();
    auto made = drivers::find_nic({})->probe(pool);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(&made.failure(), &drivers::kNoAnswer);
    device.dead = false;
    device.blank = true;
    made = drivers::find_nic({})->probe(pool);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(&made.failure(), &drivers::kNoMacAddress);
}

TEST_P(R8169, LetsFramesThroughForTheAddressThatItIsGiven) {
    probe(device);
    EXPECT_EQ(link->address().octets, FakeR8169::kMac);
    expect_it_takes_another_address([&] { return device.station; });
}

using Eg1032 = DriverFixture;

// Revision 2 has the same PCI id, and a chip of Marvell.
TEST_F(Eg1032, OfAnotherRevisionIsLeftAlone) {
    auto& device = make<FakeR8169>(FakeR8169::Model{.name = "", .device = 0x1032, .vendor = 0x1737, .subsystem = 0x0015});
    bus.plug(device, kSlot);
    auto made = drivers::find_nic({})->probe(pool);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(bus.take_accesses(), host::Accesses{});
}

}  // namespace
