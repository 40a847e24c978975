// The PCnet driver on fakes of its chip, in both ways of access.
#include "tests/unit/drivers/driver_fixture.h"
#include "tests/unit/drivers/fake_pcnet32.h"

namespace {

using Access = FakePcnet32::Access;

class Pcnet32 : public DriverFixture, public ::testing::WithParamInterface<Access> {
  protected:
    FakePcnet32& device = make<FakePcnet32>(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Chips, Pcnet32, ::testing::Values(Access::Word, Access::Wide), [](const auto& info) {
    return std::string(info.param == Access::Word ? "Word" : "Wide");
});

TEST_P(Pcnet32, SaysWhoItIsWithoutBeingOpened) {
    probe(device);
    EXPECT_EQ(link->address().octets, FakePcnet32::kMac);
    EXPECT_EQ(link->identity().driver, "pcnet32");
    EXPECT_EQ(device.resets, 0u);
    EXPECT_FALSE(device.decodes_io());
}

TEST_P(Pcnet32, OpensAChipThatAnotherDriverLeftRunning) {
    device.leave_running();
    open(device);
    EXPECT_EQ(device.resets, 1u);
    expect_it_carries(device, 100);
}

TEST_P(Pcnet32, TakesBurstsOfItsWholeCapacityRoundTheRing) {
    open(device);
    EXPECT_GE(link->receive_capacity(), 100u);
    expect_whole_bursts(device);
}

TEST_P(Pcnet32, AccessesNoRegisterToReceive) {
    open(device);
    expect_no_access_to_receive(device);
}

TEST_P(Pcnet32, SendsFramesAndPadsShortOnes) {
    open(device);
    for (unsigned size : {42u, 60u, 61u, 1514u}) {
        bus.take_accesses();
        EXPECT_TRUE(send(frame(size, size)));
        EXPECT_EQ(bus.take_accesses().writes, 2u);
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

TEST_P(Pcnet32, KeepsAPacketWhenTheRingIsFull) {
    device.sends_at_once = false;
    open(device);
    unsigned taken = 0;
    while (taken < 100 && send(frame(600, taken))) ++taken;
    EXPECT_EQ(taken, 32u);
    net::Packet out = packet(frame(42, 7));
    EXPECT_FALSE(link->transmit(out));
    EXPECT_EQ(bytes_of(out), frame(42, 7));
    device.finish_sending();
    EXPECT_TRUE(link->transmit(out));
    device.finish_sending();
    EXPECT_EQ(device.sent.size(), 33u);
}

TEST_P(Pcnet32, DropsWhatIsNoWholeGoodFrame) {
    open(device);
    using How = FakePcnet32::How;
    for (How how : {How{0x0200}, How{0x0100}, How{0x4300}, How{0x0000}, How{0x0300, 3}, How{0x0300, 2000}, How{0x0300, 4095}})
        EXPECT_TRUE(device.deliver(frame(100), how));
    expect_it_carries(device, 101);
}

TEST_P(Pcnet32, ReportsTheLink) {
    open(device);
    auto later = [&] {
        for (unsigned i = 0; i < 1000; ++i) link->state();
        return link->state();
    };
    EXPECT_EQ(later(), (net::LinkState{.up = true, .megabits = 0, .duplex = net::Duplex::Half}));
    device.full_duplex = true;
    EXPECT_EQ(later(), (net::LinkState{.up = true, .megabits = 0, .duplex = net::Duplex::Full}));
    device.link_up = false;
    EXPECT_EQ(later(), net::LinkState{});
}

TEST_P(Pcnet32, StartsAnewAfterAnError) {
    open(device);
    for (auto fail : {&FakePcnet32::fail_memory, &FakePcnet32::stop_sending}) {
        (device.*fail)();
        EXPECT_TRUE(send(frame(99)));
        EXPECT_TRUE(device.sent.empty());
        for (unsigned i = 0; i < 1000; ++i) link->state();
        EXPECT_TRUE(link->state().up);
        expect_it_carries(device, 100);
        EXPECT_TRUE(send(frame(101)));
        ASSERT_EQ(device.sent.size(), 1u);
        device.sent.clear();
    }
    device.dead = true;
    for (unsigned i = 0; i < 1000; ++i) link->state();
    EXPECT_FALSE(link->state().up);
    EXPECT_EQ(pool.available(), pool.total());
}

TEST_P(Pcnet32, IsQuietAfterClosingAndOpensAgain) {
    open(device);
    expect_quiet_when_closed(device);
}

TEST_P(Pcnet32, FailsWithoutMemoryAnAddressOrAnAnswer) {
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
    device.dead = false;
    device.blank = true;
    auto made = drivers::find_nic({})->probe(pool);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(&made.failure(), &drivers::kNoMacAddress);
}

TEST_P(Pcnet32, LetsFramesThroughForTheAddressThatItIsGiven) {
    probe(device);
    expect_it_hears_by_another_address(device);
}

}  // namespace
