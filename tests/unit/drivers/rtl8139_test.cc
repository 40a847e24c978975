// The RTL8139 driver on a fake of its chip.
#include "tests/unit/drivers/driver_fixture.h"
#include "tests/unit/drivers/fake_rtl8139.h"

namespace {

class Rtl8139 : public DriverFixture {
  protected:
    FakeRtl8139& device = make<FakeRtl8139>();
};

TEST_F(Rtl8139, SaysWhoItIsWithoutBeingOpened) {
    probe(device);
    EXPECT_EQ(link->address().octets, FakeRtl8139::kMac);
    EXPECT_EQ(link->identity().driver, "rtl8139");
    EXPECT_EQ(device.resets, 0u);
    EXPECT_FALSE(device.decodes_io());
}

TEST_F(Rtl8139, OpensAChipThatAnotherDriverLeftRunning) {
    device.leave_running();
    open(device);
    expect_it_carries(device, 100);
}

TEST_F(Rtl8139, ReceivesFramesOfAllSizesRoundTheRing) {
    open(device);
    EXPECT_FALSE(link->receive());
    for (unsigned round = 0; round < 60; ++round)
        for (unsigned size : {60u, 61u, 62u, 63u, 590u, 1514u, 1518u}) {
            ASSERT_TRUE(device.deliver(frame(size, size + round)));
            ASSERT_EQ(bytes_of(link->receive()), frame(size, size + round)) << size;
            ASSERT_FALSE(link->receive());
        }
    EXPECT_EQ(device.resets, 1u);
}

TEST_F(Rtl8139, TakesABurstOfItsWholeCapacityAtAnyTime) {
    open(device);
    EXPECT_GE(link->receive_capacity(), 42u);
    for (unsigned round = 0; round < 20; ++round) {
        for (unsigned i = 0; i < link->receive_capacity(); ++i) ASSERT_TRUE(device.deliver(frame(1518, i)));
        for (unsigned i = 0; i < link->receive_capacity(); ++i) ASSERT_EQ(bytes_of(link->receive()), frame(1518, i));
        // The next burst comes before anybody has asked again.
    }
    EXPECT_EQ(device.overflows, 0u);
    EXPECT_EQ(device.resets, 1u);
}

TEST_F(Rtl8139, GoesOnAfterTheRingWasFull) {
    open(device);
    for (unsigned round = 0; round < 3; ++round) {
        unsigned arrived = 0;
        while (device.deliver(frame(1000, arrived))) ++arrived;
        for (unsigned i = 0; i < arrived; ++i) ASSERT_EQ(bytes_of(link->receive()), frame(1000, i));
        EXPECT_FALSE(link->receive());
        expect_it_carries(device, 99);
    }
    EXPECT_EQ(device.overflows, 3u);
    EXPECT_EQ(device.resets, 1u);
}

TEST_F(Rtl8139, AccessesTwoRegistersForAFrame) {
    open(device);
    for (unsigned i = 0; i < 30; ++i) ASSERT_TRUE(device.deliver(frame(1514)));
    bus.take_accesses();
    for (unsigned i = 0; i < 30; ++i) ASSERT_TRUE(link->receive());
    EXPECT_EQ(bus.take_accesses(), (host::Accesses{.reads = 30, .writes = 30}));
    EXPECT_FALSE(link->receive());
    bus.take_accesses();
    for (unsigned i = 0; i < 100; ++i) EXPECT_FALSE(link->receive());
    EXPECT_EQ(bus.take_accesses(), (host::Accesses{.reads = 100, .writes = 0}));
    EXPECT_EQ(device.resets, 1u);
}

TEST_F(Rtl8139, SendsFramesFromAnyAddressAndPadsShortOnes) {
    open(device);
    for (unsigned headroom = 0; headroom < 8; ++headroom)
        for (unsigned size : {42u, 60u, 61u, 1514u}) {
            net::Packet out = pool.allocate(headroom);
            auto bytes = frame(size, headroom);
            std::memcpy(out.append(size).data(), bytes.data(), size);
            ASSERT_TRUE(link->transmit(out));
            bytes.resize(std::max(size, 60u));
            EXPECT_EQ(device.sent.back(), bytes);
        }
    EXPECT_EQ(device.sent.size(), 32u);
    EXPECT_TRUE(send(frame(13)));
    EXPECT_EQ(device.sent.size(), 32u);
}

TEST_F(Rtl8139, KeepsAPacketWhileAllPlacesAreTaken) {
    device.sends_at_once = false;
    open(device);
    for (unsigned i = 0; i < 4; ++i) EXPECT_TRUE(send(frame(60 + i)));
    net::Packet out = packet(frame(42, 7));
    EXPECT_FALSE(link->transmit(out));
    EXPECT_EQ(bytes_of(out), frame(42, 7));
    device.finish_sending();
    EXPECT_TRUE(link->transmit(out));
    for (unsigned i = 0; i < 3; ++i) EXPECT_TRUE(send(frame(60 + i)));
    EXPECT_FALSE(send(frame(99)));
    device.finish_sending();
    EXPECT_EQ(device.sent.size(), 8u);
}

TEST_F(Rtl8139, StartsAnewWhenAHeaderCannotBe) {
    open(device);
    for (std::uint32_t lie : {0u, 0x00400000u, 0xffff0001u, 0x00030001u, 0x08000001u}) {
        device.lie = lie;
        EXPECT_TRUE(device.deliver(frame(100)));
        EXPECT_FALSE(link->receive());
        expect_it_carries(device, 101);
    }
}

TEST_F(Rtl8139, WaitsForAFrameThatIsStillBeingMoved) {
    open(device);
    device.lie = 0xfff00001;
    EXPECT_TRUE(device.deliver(frame(100)));
    for (unsigned i = 0; i < 5; ++i) EXPECT_FALSE(link->receive());
    EXPECT_EQ(device.resets, 1u);
}

TEST_F(Rtl8139, LeavesFramesInTheRingWhenPacketsAreShort) {
    open(device);
    std::vector<net::Packet> held;
    while (pool.available() > pool.total() / 8) held.push_back(pool.allocate());
    EXPECT_TRUE(device.deliver(frame(100)));
    EXPECT_FALSE(link->receive());
    held.clear();
    EXPECT_EQ(bytes_of(link->receive()), frame(100));
}

TEST_F(Rtl8139, ReportsLinkSpeedAndDuplex) {
    open(device);
    auto later = [&] {
        for (unsigned i = 0; i < 1000; ++i) link->state();
        return link->state();
    };
    EXPECT_EQ(later(), (net::LinkState{.up = true, .megabits = 100, .duplex = net::Duplex::Full}));
    device.set_link(true, 10, false);
    EXPECT_EQ(later(), (net::LinkState{.up = true, .megabits = 10, .duplex = net::Duplex::Half}));
    device.set_link(false);
    EXPECT_EQ(later(), net::LinkState{});
}

TEST_F(Rtl8139, IsQuietAfterClosingAndOpensAgain) {
    open(device);
    expect_quiet_when_closed(device);
}

TEST_F(Rtl8139, FailsWithoutMemoryAnAddressOrAnAnswer) {
    probe(device);
    host::limit_dma(pool_memory.size() + 5000);
    auto opened = link->open();
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(&opened.failure(), &util::kOutOfMemory);
    EXPECT_TRUE(device.is_quiet());
    device.dead = true;
    opened = link->open();
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(&opened.failure(), &drivers::kNoAnswer);
    link.reset();
    device.dead = false;
    device.blank = true;
    auto made = drivers::find_nic({})->probe(pool);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(&made.failure(), &drivers::kNoMacAddress);
}

TEST_F(Rtl8139, LetsFramesThroughForTheAddressThatItIsGiven) {
    probe(device);
    EXPECT_EQ(link->address().octets, FakeRtl8139::kMac);
    expect_it_takes_another_address([&] { return device.station; });
}

TEST_F(Rtl8139, KeepsTheAddressThatItIsGivenWhenItStartsAnew) {
    probe(device);
    net::MacAddress other{{0x52, 0x54, 0, 1, 2, 3}};
    EXPECT_TRUE(link->set_address(other) && link->open().ok());
    device.lie = 0;
    EXPECT_TRUE(device.deliver(frame(100)));
    EXPECT_FALSE(link->receive());
    EXPECT_EQ(device.resets, 2u);
    EXPECT_EQ(device.station, other.octets);
}

}  // namespace
