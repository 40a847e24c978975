// The NE2000 driver on fakes of its kinds.
#include "tests/unit/drivers/driver_fixture.h"
#include "tests/unit/drivers/fake_ne2000.h"

namespace {

using Slot = FakeNe2000::Slot;

const FakeNe2000::Model kModels[] = {
    {.name = "RTL8029", .slot = Slot::Pci},
    {.name = "VT86C926", .slot = Slot::PciWords, .device = 0x0926, .vendor = 0x1106, .signature = false},
    {.name = "NE2000", .slot = Slot::Isa16, .port = 0x300},
    {.name = "NE2000At340", .slot = Slot::Isa16, .port = 0x340},
    {.name = "NE2000In8Bits", .slot = Slot::Isa8, .port = 0x280},
    {.name = "NE1000", .slot = Slot::Ne1000, .port = 0x300},
};

class Ne2000 : public DriverFixture, public ::testing::WithParamInterface<FakeNe2000::Model> {
  protected:
    FakeNe2000& device = make<FakeNe2000>(GetParam());

    net::Link& probe_it() {
        if (!device.is_isa()) return probe(device);
        bus.plug_isa(device);
        auto nic = drivers::find_nic({});
        EXPECT_TRUE(nic && nic->is_isa());
        EXPECT_EQ(nic->address.busdevfn, GetParam().port);
        EXPECT_FALSE(drivers::find_next_nic(*nic));
        auto made = nic->probe(pool);
        EXPECT_TRUE(made.ok()) << made.failure().text;
        link = made.take();
        return *link;
    }
    void open_it() {
        probe_it();
        ASSERT_TRUE(link->open().ok());
    }
    std::vector<std::byte> padded(std::vector<std::byte> bytes) {
        bytes.resize(std::max<std::size_t>(bytes.size(), 60));
        return bytes;
    }
};

INSTANTIATE_TEST_SUITE_P(Cards, Ne2000, ::testing::ValuesIn(kModels),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_P(Ne2000, SaysWhoItIs) {
    probe_it();
    EXPECT_EQ(link->address().octets, FakeNe2000::kMac);
    EXPECT_EQ(link->identity().driver, device.is_isa() ? "ne2k_isa" : "ne2k_pci");
    EXPECT_EQ(link->identity().has_pci_address, !device.is_isa());
    EXPECT_EQ(device.decodes_io(), device.is_isa());
}

TEST_P(Ne2000, IsFoundWhenAnotherDriverLeftItRunning) {
    device.leave_running();
    open_it();
    expect_it_carries(device, 100);
}

TEST_P(Ne2000, ReceivesFramesOfAllSizesRoundTheRing) {
    open_it();
    EXPECT_FALSE(link->receive());
    for (unsigned round = 0; round < 40; ++round)
        for (unsigned size : {60u, 61u, 250u, 251u, 252u, 253u, 590u, 1514u}) {
            ASSERT_TRUE(device.deliver(frame(size, size + round)));
            ASSERT_EQ(bytes_of(link->receive()), frame(size, size + round)) << size;
            ASSERT_FALSE(link->receive());
        }
}

TEST_P(Ne2000, TakesABurstOfItsWholeCapacity) {
    open_it();
    EXPECT_GE(link->receive_capacity(), GetParam().slot >= Slot::Isa8 ? 4u : 9u);
    for (unsigned round = 0; round < 7; ++round) {
        for (unsigned i = 0; i < link->receive_capacity(); ++i) ASSERT_TRUE(device.deliver(frame(1514, i)));
        for (unsigned i = 0; i < link->receive_capacity(); ++i) ASSERT_EQ(bytes_of(link->receive()), frame(1514, i));
        EXPECT_FALSE(link->receive());
    }
    EXPECT_EQ(device.recoveries, 0u);
}

TEST_P(Ne2000, SendsFramesAndPadsShortOnes) {
    open_it();
    for (unsigned size : {42u, 60u, 61u, 63u, 1513u, 1514u}) {
        EXPECT_TRUE(send(frame(size, size)));
        EXPECT_EQ(device.sent.back(), padded(frame(size, size)));
    }
    EXPECT_TRUE(send(frame(13)));
    EXPECT_EQ(device.sent.size(), 6u);
}

TEST_P(Ne2000, KeepsAPacketWhileOneIsBeingSent) {
    device.sends_at_once = false;
    open_it();
    EXPECT_TRUE(send(frame(600)));
    net::Packet out = packet(frame(42, 7));
    EXPECT_FALSE(link->transmit(out));
    EXPECT_EQ(bytes_of(out), frame(42, 7));
    device.finish_sending();
    EXPECT_TRUE(link->transmit(out));
}

TEST_P(Ne2000, RecoversFromAnOverflowWithoutLosingWhatIsInTheRing) {
    open_it();
    for (unsigned round = 0; round < 3; ++round) {
        unsigned arrived = 0;
        while (device.deliver(frame(700, arrived))) ++arrived;
        for (unsigned i = 0; i < arrived; ++i) ASSERT_EQ(bytes_of(link->receive()), frame(700, i));
        net::Packet out = packet(frame(60));
        EXPECT_FALSE(link->transmit(out)) << "in loopback until the ring is known to be empty";
        EXPECT_FALSE(link->receive());
        EXPECT_EQ(device.recoveries, round + 1);
        EXPECT_TRUE(link->transmit(out));
        expect_it_carries(device, 99);
    }
}

TEST_P(Ne2000, SendsAgainWhatAnOverflowHasCutOff) {
    device.sends_at_once = false;
    open_it();
    while (device.deliver(frame(1514))) {
    }
    EXPECT_TRUE(send(frame(321)));
    while (link->receive()) {
    }
    device.finish_sending();
    ASSERT_EQ(device.sent.size(), 1u);
    EXPECT_EQ(device.sent[0], frame(321));
}

TEST_P(Ne2000, IsNotLedAstrayByWhatIsNoHeader) {
    open_it();
    using Header = std::array<std::uint8_t, 4>;
    for (Header lie : {Header{1, 0xff, 64, 0}, Header{1, 0x00, 64, 0}, Header{1, 0x46, 64, 0}, Header{1, 0x47, 0xff, 0xff},
                       Header{1, 0x47, 3, 0}, Header{0xff, 0xff, 0xff, 0xff}}) {
        device.lie = lie;
        EXPECT_TRUE(device.deliver(frame(100)));
        EXPECT_TRUE(device.deliver(frame(200)));
        unsigned taken = 0;
        for (unsigned i = 0; i < 10; ++i) taken += bool(link->receive());
        EXPECT_LE(taken, 2u);
        expect_it_carries(device, 101);
    }
}

TEST_P(Ne2000, LeavesFramesInTheRingWhenPacketsAreShort) {
    open_it();
    std::vector<net::Packet> held;
    while (pool.available() > pool.total() / 8) held.push_back(pool.allocate());
    EXPECT_TRUE(device.deliver(frame(100)));
    EXPECT_FALSE(link->receive());
    held.clear();
    EXPECT_EQ(bytes_of(link->receive()), frame(100));
}

TEST_P(Ne2000, AsksOneRegisterWhileNothingComes) {
    open_it();
    bus.take_accesses();
    for (unsigned i = 0; i < 100; ++i) EXPECT_FALSE(link->receive());
    EXPECT_EQ(bus.take_accesses(), (host::Accesses{.reads = 100, .writes = 0}));
}

TEST_P(Ne2000, IsQuietAfterClosingAndOpensAgain) {
    open_it();
    expect_quiet_when_closed(device);
}

TEST_P(Ne2000, FailsWhenTheCardIsGone) {
    open_it();
    device.dead = true;
    EXPECT_FALSE(link->receive());
    link->close();
    auto opened = link->open();
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(&opened.failure(), &drivers::kNoAnswer);
}

// Some other card: its registers read as one value and nothing may be written to it.
class OtherCard final : public host::FakePciDevice {
  public:
    OtherCard(std::uint16_t port, std::uint8_t value) : FakePciDevice(0, 0), value_(value) {
        add_io_window(0, port, 0x20);
        decode_ports();
    }
    std::uint32_t read_window(unsigned, std::uint32_t, unsigned) override { return value_; }
    void write_window(unsigned, std::uint32_t offset, unsigned, std::uint32_t) override {
        host::violation("another card written to at " + std::to_string(offset));
    }

  private:
    std::uint8_t value_;
};

using Ne2000Search = DriverFixture;

TEST_F(Ne2000Search, FindsNothingOnAnEmptyBus) { EXPECT_FALSE(drivers::find_nic({})); }

TEST_F(Ne2000Search, WritesToNoOtherCard) {
    for (std::uint8_t value : {0x01, 0x20, 0x23, 0x3f, 0x80, 0xfe})
        for (std::uint16_t port : {0x300, 0x320}) {
            bus.plug_isa(make<OtherCard>(port, value));
        }
    EXPECT_FALSE(drivers::find_nic({}));
}

TEST_F(Ne2000Search, FindsTwoCards) {
    bus.plug_isa(make<FakeNe2000>(FakeNe2000::Model{.name = "", .slot = Slot::Isa16, .port = 0x280}));
    bus.plug_isa(make<FakeNe2000>(FakeNe2000::Model{.name = "", .slot = Slot::Isa16, .port = 0x360}));
    std::vector<std::uint16_t> found;
    for (auto nic = drivers::find_nic({}); nic; nic = drivers::find_next_nic(*nic)) found.push_back(nic->address.busdevfn);
    EXPECT_EQ(found, (std::vector<std::uint16_t>{0x280, 0x360}));
}

TEST_F(Ne2000Search, RefusesACardWithoutASignatureOrAnAddress) {
    auto& device = make<FakeNe2000>(FakeNe2000::Model{.name = "", .slot = Slot::Isa16, .port = 0x300, .signature = false});
    bus.plug_isa(device);
    auto made = drivers::find_nic({})->probe(pool);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(&made.failure(), &drivers::kNoAnswer);
    auto& blank = make<FakeNe2000>(FakeNe2000::Model{.name = "", .slot = Slot::Pci, .blank = true});
    bus.plug(blank, kSlot);
    made = drivers::find_nic({})->probe(pool);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(&made.failure(), &drivers::kNoMacAddress);
}

TEST_P(Ne2000, LetsFramesThroughForTheAddressThatItIsGiven) {
    probe_it();
    expect_it_hears_by_another_address(device);
}

}  // namespace
