// The PRO/100 driver on fakes of its chip.
#include "tests/unit/drivers/driver_fixture.h"
#include "tests/unit/drivers/fake_eepro100.h"

namespace {

using Model = FakeEepro100::Model;

class Eepro100 : public DriverFixture {
  protected:
    FakeEepro100& device = make<FakeEepro100>(Model{});
    net::LinkState later() {
        for (unsigned i = 0; i < 1000; ++i) link->state();
        return link->state();
    }
};

TEST_F(Eepro100, SaysWhoItIsWithoutBeingOpened) {
    probe(device);
    EXPECT_EQ(link->address().octets, FakeEepro100::kMac);
    EXPECT_EQ(link->identity().driver, "eepro100");
    EXPECT_EQ(device.resets, 0u);
    EXPECT_FALSE(device.decodes_memory());
}

TEST_F(Eepro100, ReadsItsAddressFromALargeEeprom) {
    probe(make<FakeEepro100>(Model{.eeprom_bits = 8}));
    EXPECT_EQ(link->address().octets, FakeEepro100::kMac);
}

TEST_F(Eepro100, WorksByPortsWhenItsMemoryIsOutOfReach) {
    auto& other = make<FakeEepro100>(Model{.out_of_reach = true});
    open(other);
    EXPECT_TRUE(other.deliver(frame(100)));
    EXPECT_EQ(bytes_of(link->receive()), frame(100));
    EXPECT_TRUE(send(frame(100)));
    EXPECT_EQ(other.sent.back(), frame(100));
}

TEST_F(Eepro100, AsksThePhyThatTheEepromNames) {
    auto& other = make<FakeEepro100>(Model{.phy = 0x0703});
    other.phy_address = 3;
    open(other);
    EXPECT_TRUE(later().up);
}

// 82503: 10 Mbit/s, and nobody to ask for the link.
TEST_F(Eepro100, TakesTheLinkForUpWhereThePhyHasNoMii) {
    auto& other = make<FakeEepro100>(Model{.phy = 0x8300, .revision = 2});
    open(other);
    EXPECT_EQ(later(), (net::LinkState{.up = true, .megabits = 10, .duplex = net::Duplex::Half}));
    EXPECT_TRUE(other.deliver(frame(100)));
    EXPECT_EQ(bytes_of(link->receive()), frame(100));
}

TEST_F(Eepro100, CarriesFullFramesWithAVlanTag) {
    open(device);
    EXPECT_TRUE(send(frame(1518)));
    EXPECT_EQ(device.sent.back(), frame(1518));
    expect_it_carries(device, 1518);
}

TEST_F(Eepro100, LeavesAn82557AsItCanBe) {
    auto& other = make<FakeEepro100>(Model{.revision = 1});
    open(other);
    EXPECT_TRUE(other.deliver(frame(1514)));
    EXPECT_EQ(bytes_of(link->receive()), frame(1514));
}

TEST_F(Eepro100, OpensAChipThatAnotherDriverLeftRunning) {
    device.leave_running();
    open(device);
    EXPECT_EQ(device.resets, 1u);
    expect_it_carries(device, 100);
}

TEST_F(Eepro100, TakesBurstsOfItsWholeCapacityRoundTheList) {
    open(device);
    EXPECT_GE(link->receive_capacity(), 100u);
    expect_whole_bursts(device);
}

TEST_F(Eepro100, GoesOnAfterItHasHadNoRoom) {
    open(device);
    for (bool reads_ahead : {false, true}) {
        device.reads_ahead = reads_ahead;
        for (unsigned round = 0; round < 3; ++round) {
            unsigned delivered = 0;
            while (delivered < 500 && device.deliver(frame(100, delivered))) ++delivered;
            EXPECT_GE(delivered, link->receive_capacity());
            for (unsigned i = 0; i < delivered; ++i) ASSERT_EQ(bytes_of(link->receive()), frame(100, i));
            EXPECT_FALSE(link->receive());
            EXPECT_TRUE(device.is_receiving());
        }
    }
}

TEST_F(Eepro100, GoesOnWhenItHasReadTheEndOfTheListBeforeMoreWasAdded) {
    open(device);
    device.reads_ahead = true;
    for (unsigned i = 0; i < 127; ++i) ASSERT_TRUE(device.deliver(frame(100, i)));
    for (unsigned i = 0; i < 127; ++i) ASSERT_EQ(bytes_of(link->receive()), frame(100, i));
    ASSERT_TRUE(device.deliver(frame(100, 1)));
    EXPECT_FALSE(device.is_receiving());
    EXPECT_EQ(bytes_of(link->receive()), frame(100, 1));
    ASSERT_TRUE(device.deliver(frame(100, 2)));
    EXPECT_EQ(bytes_of(link->receive()), frame(100, 2));
}

TEST_F(Eepro100, WaitsForMemoryToReceiveWithWhenThereIsNone) {
    open(device);
    std::vector<net::Packet> held;
    unsigned delivered = 0;
    while (delivered < 2000 && device.deliver(frame(100, delivered))) {
        ++delivered;
        if (auto packet = link->receive()) held.push_back(std::move(packet));
        if (held.size() < 300) continue;
        while (auto packet = pool.allocate()) held.push_back(std::move(packet));
    }
    for (unsigned i = 0; i < 200; ++i)
        if (auto packet = link->receive()) held.push_back(std::move(packet));
    EXPECT_FALSE(device.is_receiving());
    held.clear();
    link->receive();
    EXPECT_TRUE(device.deliver(frame(100, 5)));
    EXPECT_EQ(bytes_of(link->receive()), frame(100, 5));
}

TEST_F(Eepro100, TakesNoFrameThatIsCompleteBeforeItIsWritten) {
    open(device);
    device.writes_late = true;
    for (unsigned i = 0; i < 200; ++i) {
        ASSERT_TRUE(device.deliver(frame(100 + i, i)));
        ASSERT_EQ(bytes_of(link->receive()), frame(100 + i, i));
    }
}

TEST_F(Eepro100, ReadsOneRegisterForFramesThatCameTogetherAndNoneForNone) {
    open(device);
    for (unsigned round = 0; round < 100; ++round) {
        bus.take_accesses();
        for (unsigned i = 0; i < 10; ++i) device.deliver(frame(1514));
        for (unsigned i = 0; i < 10; ++i) EXPECT_TRUE(link->receive());
        EXPECT_EQ(bus.take_accesses(), (host::Accesses{.reads = 1, .writes = 0}));
        for (unsigned i = 0; i < 10; ++i) EXPECT_FALSE(link->receive());
        EXPECT_EQ(bus.take_accesses(), host::Accesses{});
    }
}

TEST_F(Eepro100, SendsFramesAndPadsShortOnes) {
    open(device);
    for (unsigned size : {42u, 60u, 61u, 1514u}) {
        bus.take_accesses();
        EXPECT_TRUE(send(frame(size, size)));
        EXPECT_EQ(bus.take_accesses(), (host::Accesses{.reads = 1, .writes = 1}));
        auto expected = frame(size, size);
        expected.resize(std::max(size, 60u));
        EXPECT_EQ(device.sent.back(), expected);
    }
    EXPECT_TRUE(send(frame(13)));
    EXPECT_EQ(device.sent.size(), 4u);
    std::size_t before = pool.available();
    link->receive();
    EXPECT_EQ(pool.available(), before + 1) << "sent packets come back";
}

TEST_F(Eepro100, KeepsAPacketWhenTheRingIsFull) {
    open(device);
    device.sends_at_once = false;
    unsigned taken = 0;
    while (taken < 100 && send(frame(600, taken))) ++taken;
    EXPECT_EQ(taken, 31u);
    net::Packet out = packet(frame(42, 7));
    EXPECT_FALSE(link->transmit(out));
    EXPECT_EQ(bytes_of(out), frame(42, 7));
    device.finish_sending();
    EXPECT_TRUE(link->transmit(out));
    device.finish_sending();
    ASSERT_EQ(device.sent.size(), 32u);
    for (unsigned i = 0; i < 31; ++i) EXPECT_EQ(device.sent[i], frame(600, i));
}

TEST_F(Eepro100, KeepsAPacketWhileTheLastCommandIsNotTaken) {
    open(device);
    device.takes_commands = false;
    EXPECT_TRUE(send(frame(100, 1)));
    net::Packet out = packet(frame(100, 2));
    EXPECT_FALSE(link->transmit(out));
    EXPECT_EQ(bytes_of(out), frame(100, 2));
    device.takes_commands = true;
    device.finish_sending();
    EXPECT_TRUE(link->transmit(out));
    ASSERT_EQ(device.sent.size(), 2u);
    EXPECT_EQ(device.sent[1], frame(100, 2));
}

TEST_F(Eepro100, SendsAnotherCommandBeforeFramesAtTenMegabits) {
    device.partner = 0x0061;
    open(device);
    later();
    EXPECT_TRUE(send(frame(100)));
    EXPECT_EQ(device.nops, 1u);
    EXPECT_EQ(device.sent.size(), 1u);
}

TEST_F(Eepro100, DropsWhatIsNoWholeGoodFrame) {
    open(device);
    using How = FakeEepro100::How;
    for (How how : {How{0x8000}, How{0x8800}, How{0xa000, 13}, How{0xa000, 1519}, How{0xa000, 0x3fff}})
        EXPECT_TRUE(device.deliver(frame(100), how));
    expect_it_carries(device, 101);
}

TEST_F(Eepro100, ReportsTheLink) {
    open(device);
    EXPECT_EQ(later(), (net::LinkState{.up = true, .megabits = 100, .duplex = net::Duplex::Full}));
    device.link_up = false;
    EXPECT_EQ(later(), net::LinkState{});
    device.link_up = true;
    device.partner = 0x0021;
    EXPECT_EQ(later(), (net::LinkState{.up = true, .megabits = 10, .duplex = net::Duplex::Half}));
}

TEST_F(Eepro100, AsksForTheLinkNowAndThen) {
    open(device);
    later();
    bus.take_accesses();
    for (unsigned i = 0; i < 257; ++i) link->state();
    EXPECT_EQ(bus.take_accesses(), (host::Accesses{.reads = 2, .writes = 1}));
}

TEST_F(Eepro100, StartsAnewAfterItsCommandUnitHasStopped) {
    open(device);
    EXPECT_TRUE(later().up);
    device.stop_commands();
    EXPECT_TRUE(send(frame(99)));
    EXPECT_TRUE(device.sent.empty());
    EXPECT_EQ(later(), (net::LinkState{.up = true, .megabits = 100, .duplex = net::Duplex::Full}));
    EXPECT_TRUE(send(frame(100)));
    ASSERT_EQ(device.sent.size(), 1u);
    EXPECT_EQ(device.sent[0], frame(100));
    expect_it_carries(device, 101);
}

TEST_F(Eepro100, IsQuietAfterClosingAndOpensAgain) {
    open(device);
    expect_quiet_when_closed(device);
}

TEST_F(Eepro100, FailsWithoutMemoryAnAddressOrAnAnswer) {
    probe(device);
    host::limit_dma(pool_memory.size() + 1000);
    auto opened = link->open();
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(&opened.failure(), &util::kOutOfMemory);
    EXPECT_TRUE(device.is_quiet());
    host::limit_dma(1 << 30);
    device.dead = true;
    opened = link->open();
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(&opened.failure(), &drivers::kNoAnswer);
    link.reset();
    for (bool dead : {true, false}) {
        device.dead = dead;
        device.blank = true;
        auto made = drivers::find_nic({})->probe(pool);
        ASSERT_FALSE(made.ok());
        EXPECT_EQ(&made.failure(), &drivers::kNoMacAddress);
    }
}

TEST_F(Eepro100, LetsFramesThroughForTheAddressThatItIsGiven) {
    probe(device);
    expect_it_hears_by_another_address(device);
}

}  // namespace
