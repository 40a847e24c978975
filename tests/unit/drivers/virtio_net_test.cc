// The virtio-net driver on fakes of legacy, transitional and modern devices.
#include "tests/unit/drivers/driver_fixture.h"
#include "tests/unit/drivers/fake_virtio_net.h"

namespace {

using Fake = FakeVirtioNet;
using Modern = Fake::Modern;
constexpr std::uint64_t kUsual = Fake::kMac | Fake::kStatus | Fake::kUnwanted;

const Fake::Model kLegacy{.name = "Legacy", .legacy = true, .features = kUsual};
const Fake::Model kLegacyAnyLayout{.name = "LegacyAnyLayout", .legacy = true};
const Fake::Model kLegacyLargeQueue{.name = "LegacyLargeQueue", .legacy = true, .queue_size = 1024};
const Fake::Model kTransitional{
    .name = "Transitional", .legacy = true, .modern = Modern::Memory, .used_as_modern = true};
const Fake::Model kTransitionalFarAway{
    .name = "TransitionalAbove4GiB", .legacy = true, .modern = Modern::Memory, .window = 0x38'0000'0000};
const Fake::Model kModern{
    .name = "Modern", .modern = Modern::Memory, .features = kUsual, .used_as_modern = true};
const Fake::Model kModernOffload{.name = "ModernOffload",
                                 .modern = Modern::Memory,
                                 .features = kUsual | Fake::kCsum | Fake::kGuestCsum,
                                 .queue_size = 1024,
                                 .used_as_modern = true};
const Fake::Model kModernPorts{.name = "ModernPorts",
                               .modern = Modern::Ports,
                               .features = kUsual,
                               .queue_size = 512,
                               .window = 0xd000,
                               .used_as_modern = true};
const Fake::Model kModernFarAway{.name = "ModernAbove4GiB",
                                 .modern = Modern::Memory,
                                 .features = kUsual,
                                 .window = 0x38'0000'0000,
                                 .used_as_modern = true,
                                 .through_configuration = true};
const Fake::Model kNoStatus{
    .name = "ModernWithoutStatus", .modern = Modern::Memory, .features = Fake::kMac, .used_as_modern = true};

class VirtioNet : public DriverFixture, public ::testing::WithParamInterface<Fake::Model> {
  protected:
    Fake& device = make<Fake>(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Devices, VirtioNet,
                         ::testing::Values(kLegacy, kLegacyAnyLayout, kLegacyLargeQueue, kTransitional,
                                           kTransitionalFarAway, kModern, kModernOffload, kModernPorts,
                                           kModernFarAway, kNoStatus),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_P(VirtioNet, SaysWhoItIsAndLeavesTheDeviceReset) {
    probe(device);
    EXPECT_EQ(link->address().octets, Fake::kAddress);
    EXPECT_EQ(link->identity().driver, "virtio-net");
    EXPECT_TRUE(device.is_quiet());
}

TEST_P(VirtioNet, OpensInTheOrderOfTheSpecification) {
    open(device);
    EXPECT_TRUE(device.is_running());
    EXPECT_EQ((device.accepted_features() & Fake::kVersion1) != 0, GetParam().used_as_modern);
    unsigned resets = device.resets;
    EXPECT_TRUE(link->open().ok());
    EXPECT_EQ(device.resets, resets);
}

TEST_P(VirtioNet, GivesTheDeviceAsManyBuffersAsItPromises) {
    open(device);
    EXPECT_LE(link->receive_capacity(), device.receive_room());
    EXPECT_GE(link->receive_capacity(),
              GetParam().features & Fake::kAnyLayout || GetParam().used_as_modern ? 200 : 100);
}

TEST_P(VirtioNet, ReceivesFramesInOrder) {
    open(device);
    EXPECT_FALSE(link->receive());
    for (unsigned size : {60u, 61u, 590u, 1514u, 1518u}) EXPECT_TRUE(device.deliver(frame(size, size)));
    for (unsigned size : {60u, 61u, 590u, 1514u, 1518u})
        EXPECT_EQ(bytes_of(link->receive()), frame(size, size));
    EXPECT_FALSE(link->receive());
}

TEST_P(VirtioNet, TakesABurstOfItsWholeCapacity) {
    open(device);
    for (unsigned round = 0; round < 12; ++round) {
        for (unsigned i = 0; i < link->receive_capacity(); ++i)
            ASSERT_TRUE(device.deliver(frame(1514, i))) << i;
        for (unsigned i = 0; i < link->receive_capacity(); ++i)
            ASSERT_EQ(bytes_of(link->receive()), frame(1514, i));
        EXPECT_FALSE(link->receive());
    }
}

TEST_P(VirtioNet, OpensWithFewRegisterAccesses) {
    probe(device);
    bus.take_accesses();
    EXPECT_TRUE(link->open().ok());
    host::Accesses accesses = bus.take_accesses();
    EXPECT_LE(accesses.reads + accesses.writes, 60u);
}

TEST_P(VirtioNet, TouchesNoRegisterWhileNothingComes) {
    open(device);
    bus.take_accesses();
    for (unsigned i = 0; i < 1000; ++i) EXPECT_FALSE(link->receive());
    EXPECT_EQ(bus.take_accesses(), host::Accesses{});
}

TEST_P(VirtioNet, NotifiesOnceForABatchOfBuffers) {
    open(device);
    device.notifications = 0;
    std::size_t batch = link->receive_capacity() * 3 / 13;  // three sixteenths of the ring
    for (std::size_t i = 0; i < 10 * batch; ++i) {
        device.deliver(frame(1514));
        EXPECT_TRUE(link->receive());
    }
    EXPECT_EQ(device.notifications, 10u);
}

TEST_P(VirtioNet, DoesNotNotifyADeviceThatLooksByItself) {
    open(device);
    device.set_polling(true);
    bus.take_accesses();
    for (unsigned i = 0; i < 1000; ++i) {
        ASSERT_TRUE(device.deliver(frame(1514, i)));
        ASSERT_EQ(bytes_of(link->receive()), frame(1514, i));
        ASSERT_TRUE(send(frame(60, i)));
        device.finish_sending();
    }
    EXPECT_EQ(bus.take_accesses(), host::Accesses{});
    EXPECT_EQ(device.sent.size(), 1000u);
    device.set_polling(false);
}

TEST_P(VirtioNet, SendsFramesAndPadsShortOnesWithZeros) {
    open(device);
    EXPECT_TRUE(send(frame(1514)));
    EXPECT_TRUE(send(frame(42)));
    auto padded = frame(42);
    padded.resize(60);
    ASSERT_EQ(device.sent.size(), 2u);
    EXPECT_EQ(device.sent[0].frame, frame(1514));
    EXPECT_EQ(device.sent[1].frame, padded);
}

TEST_P(VirtioNet, SendsBackAReceivedPacketWhoseHeadroomIsUsedUp) {
    open(device);
    device.deliver(frame(80, 3));
    net::Packet received = link->receive();
    ASSERT_TRUE(received);
    received.push(received.headroom());
    auto bytes = bytes_of(received);
    EXPECT_TRUE(link->transmit(received));
    ASSERT_EQ(device.sent.size(), 1u);
    EXPECT_EQ(device.sent[0].frame, bytes);
}

TEST_P(VirtioNet, KeepsAPacketUntouchedWhenTheQueueIsFull) {
    device.sends_at_once = false;
    open(device);
    unsigned taken = 0;
    // Memory runs out first where the queue is large.
    while (pool.available() > 1 && send(frame(600, taken))) ++taken;
    EXPECT_GE(taken, 100u);
    net::Packet out = packet(frame(42, 7));
    bool full = !link->transmit(out);
    if (full) {
        EXPECT_EQ(bytes_of(out), frame(42, 7));
        device.finish_sending();
        EXPECT_TRUE(link->transmit(out));
    }
    device.finish_sending();
    EXPECT_EQ(device.sent.size(), taken + 1);
    EXPECT_EQ(device.sent.back().frame.size(), 60u);
}

TEST_P(VirtioNet, ReturnsSentPacketsToThePool) {
    open(device);
    std::size_t before = pool.available();
    send(frame(100));
    EXPECT_EQ(pool.available(), before - 1);
    link->receive();
    EXPECT_EQ(pool.available(), before);
}

TEST_P(VirtioNet, DropsWhatIsNoFrameInsteadOfSendingIt) {
    open(device);
    EXPECT_TRUE(send(frame(13)));
    EXPECT_TRUE(send(frame(1519)));
    EXPECT_EQ(device.sent.size(), 0u);
}

TEST_P(VirtioNet, GoesOnWhenPacketsThatWereHeldComeBack) {
    open(device);
    std::vector<net::Packet> held;
    while (device.deliver(frame(1514))) {
        held.push_back(link->receive());
        ASSERT_TRUE(held.back());
        ASSERT_LT(held.size(), 2 * kPackets);
    }
    EXPECT_GE(held.size(), link->receive_capacity());
    EXPECT_TRUE(send(frame(60)));
    EXPECT_EQ(device.sent.size(), 1u);
    held.clear();
    EXPECT_FALSE(link->receive());
    EXPECT_GE(device.receive_room(), link->receive_capacity());
    expect_it_carries(device, 99);
}

TEST_P(VirtioNet, ReportsTheLink) {
    open(device);
    EXPECT_TRUE(link->state().up);
    device.set_link(false);
    for (unsigned i = 0; i < 1000; ++i) link->state();
    EXPECT_EQ(link->state().up, !(GetParam().features & Fake::kStatus));
    device.set_link(true);
    bus.take_accesses();
    for (unsigned i = 0; i < 10000; ++i) link->state();
    EXPECT_TRUE(link->state().up);
    EXPECT_LE(bus.take_accesses().reads, 50u);
}

TEST_P(VirtioNet, IsQuietAfterClosingAndOpensAgain) {
    open(device);
    expect_quiet_when_closed(device);
}

TEST_P(VirtioNet, DropsLengthsThatCannotBe) {
    open(device);
    for (std::uint32_t written : {0u, 9u, 10u, 12u, 23u, 1531u, 2048u, 2049u, 65536u, 0xffffffffu})
        EXPECT_TRUE(device.deliver(frame(100), {.written = written}));
    device.deliver(frame(101));
    EXPECT_EQ(bytes_of(link->receive()), frame(101));
    EXPECT_FALSE(link->receive());
}

TEST_P(VirtioNet, IgnoresDescriptorsThatAreNotItsOwn) {
    open(device);
    for (std::uint32_t id : {255u, 256u, 1023u, 65535u, 0x80000000u, 0xffffffffu})
        EXPECT_TRUE(device.deliver(frame(100), {.id = id}));
    link->receive();
    EXPECT_TRUE(device.deliver(frame(101)));
    net::Packet last;
    while (net::Packet next = link->receive()) last = std::move(next);
    EXPECT_TRUE(last);
}

TEST_P(VirtioNet, DoesNotHangOnAUsedIndexThatRunsAhead) {
    open(device);
    device.lie_about_used_index(40000);
    for (unsigned i = 0; i < 500; ++i) link->receive();
}

TEST_P(VirtioNet, TrustsChecksumsOnlyWhenThatWasAgreed) {
    constexpr std::uint8_t kNeedsChecksum = 1, kDataValid = 2;
    open(device);
    bool agreed = GetParam().features & Fake::kGuestCsum;
    for (std::uint8_t flags : {std::uint8_t{0}, kNeedsChecksum, kDataValid}) {
        device.deliver(frame(100), {.flags = flags});
        net::Packet received = link->receive();
        ASSERT_TRUE(received);
        EXPECT_EQ(received.buffer().checksum,
                  agreed && flags ? net::Checksum::Verified : net::Checksum::Unknown);
    }
}

TEST_P(VirtioNet, LeavesChecksumsToADeviceThatOffersIt) {
    open(device);
    bool offered = GetParam().features & Fake::kCsum;
    EXPECT_EQ(link->checksum_offload(), offered);
    if (!offered) return;
    net::Packet out = packet(frame(100));
    out.buffer().checksum = net::Checksum::Offload;
    out.buffer().checksum_start = 34;
    out.buffer().checksum_offset = 16;
    EXPECT_TRUE(link->transmit(out));
    ASSERT_EQ(device.sent.size(), 1u);
    EXPECT_EQ(device.sent[0].flags, 1);
    EXPECT_EQ(device.sent[0].checksum_start, 34);
    EXPECT_EQ(device.sent[0].checksum_offset, 16);
}

TEST_P(VirtioNet, FailsToOpenWithoutMemoryAndKeepsNothing) {
    probe(device);
    host::limit_dma(pool_memory.size() + 12000);
    auto opened = link->open();
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(&opened.failure(), &util::kOutOfMemory);
    EXPECT_TRUE(device.is_quiet());
    EXPECT_EQ(host::dma_allocations(), 1u);
    host::limit_dma(16 << 20);
    EXPECT_TRUE(link->open().ok());
}

TEST_P(VirtioNet, FailsToOpenWithAnEmptyPool) {
    probe(device);
    std::vector<net::Packet> all;
    while (pool.available()) all.push_back(pool.allocate());
    EXPECT_FALSE(link->open().ok());
    EXPECT_TRUE(device.is_quiet());
}

TEST_P(VirtioNet, FailsWhenTheDeviceIsGone) {
    probe(device);
    device.dead = true;
    auto opened = link->open();
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(&opened.failure(), &drivers::kNoAnswer);
    EXPECT_FALSE(device.is_master());
}

using VirtioNetOdd = DriverFixture;

TEST_F(VirtioNetOdd, FailsWhenTheDeviceRefusesItsOwnFeatures) {
    auto& device = make<Fake>(kModern);
    device.refuses_features = true;
    probe(device);
    auto opened = link->open();
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(&opened.failure(), &drivers::kNotAsSpecified);
    EXPECT_TRUE(device.is_quiet());
}

TEST_F(VirtioNetOdd, TakesTheMtuOfADeviceThatTellsIt) {
    for (auto [told, expected] : {std::pair{1460, 1460}, {9000, 1500}, {68, 576}}) {
        auto model = kModern;
        model.features |= Fake::kMtu;
        model.mtu = static_cast<std::uint16_t>(told);
        auto& device = make<Fake>(model);
        open(device);
        EXPECT_EQ(link->mtu(), expected);
        link.reset();
        bus.unplug(kSlot);
    }
}

TEST_F(VirtioNetOdd, RefusesADeviceWithoutAnAddress) {
    auto model = kLegacy;
    model.features &= ~Fake::kMac;
    bus.plug(make<Fake>(model), kSlot);
    auto made = drivers::find_nic({})->probe(pool);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(&made.failure(), &drivers::kNoMacAddress);
}

TEST_F(VirtioNetOdd, FewDescriptorsAreEnough) {
    for (std::uint16_t size : {std::uint16_t{4}, std::uint16_t{16}, std::uint16_t{64}}) {
        auto model = kLegacy;
        model.queue_size = size;
        auto& device = make<Fake>(model);
        open(device);
        for (unsigned i = 0; i < 300; ++i) {
            ASSERT_TRUE(device.deliver(frame(99, i))) << size;
            ASSERT_EQ(bytes_of(link->receive()), frame(99, i));
            ASSERT_TRUE(send(frame(99, i)));
        }
        link.reset();
        bus.unplug(kSlot);
    }
}

// Another MAC address than the device's own.
class VirtioNetAddress : public DriverFixture {
  protected:
    Fake& give(const Fake::Model& model) {
        Fake& device = make<Fake>(model);
        probe(device);
        EXPECT_TRUE(link->set_address(kOther));
        EXPECT_EQ(link->address(), kOther);
        return device;
    }
    static constexpr net::MacAddress kOther{{0x52, 0x54, 0, 1, 2, 3}};
};

TEST_F(VirtioNetAddress, IsWrittenIntoALegacyDevice) {
    Fake& device = give(kLegacy);
    EXPECT_TRUE(link->open().ok());
    EXPECT_EQ(device.station, kOther.octets);
    link->close();
    EXPECT_EQ(device.station, Fake::kAddress) << "as it was found";
    EXPECT_TRUE(link->set_address({Fake::kAddress}) && link->open().ok());
    EXPECT_EQ(device.station, Fake::kAddress);
}

TEST_F(VirtioNetAddress, IsSentToAModernDevice) {
    for (auto modern : {Modern::Memory, Modern::Ports}) {
        std::uint64_t window = modern == Modern::Memory ? 0xfe000000 : 0xd000;
        Fake& device = give({.name = "", .modern = modern, .features = kUsual | Fake::kControlMac, .window = window, .used_as_modern = true});
        EXPECT_TRUE(link->open().ok());
        EXPECT_EQ(device.station, kOther.octets);
        expect_it_carries(device, 100);
        EXPECT_TRUE(send(frame(100)));
        EXPECT_EQ(device.sent.size(), 1u);
        link->close();
        EXPECT_TRUE(link->open().ok());
        EXPECT_EQ(device.station, kOther.octets);
        link.reset();
        bus.unplug(kSlot);
    }
}

TEST_F(VirtioNetAddress, DoesNotOpenADeviceThatRefusesIt) {
    Fake& device = give({.name = "", .modern = Modern::Memory, .features = kUsual | Fake::kControlMac, .used_as_modern = true});
    device.refuses_address = true;
    EXPECT_FALSE(link->open().ok());
    EXPECT_TRUE(device.is_quiet());
}

TEST_F(VirtioNetAddress, NeedsNoTellingWhereADeviceDoesNotLookAtAddresses) {
    Fake& device = give({.name = "", .modern = Modern::Memory, .features = kUsual, .used_as_modern = true});
    EXPECT_TRUE(link->open().ok());
    expect_it_carries(device, 100);
}

}  // namespace
