// The e1000 and e1000e driver on fakes of its chips.
#include "net/checksum.h"
#include "net/wire/ethernet.h"
#include "net/wire/ipv4.h"
#include "net/wire/tcp.h"
#include "tests/unit/drivers/driver_fixture.h"
#include "tests/unit/drivers/fake_e1000.h"

namespace {

using Eeprom = FakeE1000::Eeprom;

const FakeE1000::Model k82540{.device = 0x100e, .chip = "82540EM", .eeprom = Eeprom::Narrow};
const FakeE1000::Model k82545{.device = 0x100f, .chip = "82545EM", .eeprom = Eeprom::Narrow};
const FakeE1000::Model k82544{.device = 0x100c, .chip = "82544GC", .eeprom = Eeprom::None};
const FakeE1000::Model k82544PciX{.device = 0x100c, .chip = "82544GC", .eeprom = Eeprom::None, .pcix = true};
const FakeE1000::Model k82541{.device = 0x1076, .chip = "82541GI", .eeprom = Eeprom::Wide};
const FakeE1000::Model k82546Port1{.device = 0x1079, .chip = "82546GB", .eeprom = Eeprom::Narrow, .port = 1};
const FakeE1000::Model k82574{.device = 0x10d3, .chip = "82574L", .eeprom = Eeprom::Wide, .express = true};
const FakeE1000::Model k82575{
    .device = 0x10a7, .chip = "82575EB", .eeprom = Eeprom::None, .express = true, .queues = true};
const FakeE1000::Model k82576Port1{.device = 0x10c9,
                                   .chip = "82576",
                                   .eeprom = Eeprom::None,
                                   .express = true,
                                   .port = 1,
                                   .queues = true,
                                   .unicast_table = true};
const FakeE1000::Model kI350Port3{.device = 0x1521,
                                  .chip = "I350",
                                  .eeprom = Eeprom::None,
                                  .express = true,
                                  .port = 3,
                                  .queues = true,
                                  .unicast_table = true};
const FakeE1000::Model kI210{.device = 0x1533,
                             .chip = "I210",
                             .eeprom = Eeprom::None,
                             .express = true,
                             .queues = true,
                             .unicast_table = true};
const FakeE1000::Model kI354{.device = 0x1f41,
                             .chip = "I354",
                             .eeprom = Eeprom::None,
                             .express = true,
                             .queues = true,
                             .unicast_table = true,
                             .sgmii = true};
FakeE1000::Model pch(std::uint16_t device, const char* chip, FakePch::Kind kind) {
    return {.device = device, .chip = chip, .eeprom = Eeprom::None, .express = true, .pch = kind};
}
const FakeE1000::Model k82573 = pch(0x109a, "82573L", FakePch::Kind::Lan82573);
const FakeE1000::Model kIch8 = pch(0x104a, "82566DM", FakePch::Kind::Ich8);
const FakeE1000::Model kIch9 = pch(0x10bd, "82566DM-2", FakePch::Kind::Ich9);
const FakeE1000::Model kIch10 = pch(0x10de, "82567LM-3", FakePch::Kind::Ich10);
const FakeE1000::Model k82577 = pch(0x10ea, "82577LM", FakePch::Kind::Lan82577);
const FakeE1000::Model k82578 = pch(0x10ef, "82578DM", FakePch::Kind::Lan82578);
const FakeE1000::Model k82579 = pch(0x1502, "82579LM", FakePch::Kind::Lan82579);
const FakeE1000::Model kI217 = pch(0x153a, "I217-LM", FakePch::Kind::I217);
const FakeE1000::Model kI218 = pch(0x155a, "I218-LM", FakePch::Kind::I218);
const FakeE1000::Model kI219 = pch(0x15b8, "I219-V", FakePch::Kind::I219);
const FakeE1000::Model kI219Tgp = pch(0x15fb, "I219-LM", FakePch::Kind::I219Tgp);

class E1000 : public DriverFixture, public ::testing::WithParamInterface<FakeE1000::Model> {
  protected:
    FakeE1000& device = make<FakeE1000>(GetParam());
};

std::string name_of(const ::testing::TestParamInfo<FakeE1000::Model>& info) {
    std::string name = info.param.chip;
    std::erase(name, '-');
    if (info.param.port) name += "Port" + std::to_string(info.param.port);
    return name + (info.param.pcix ? "PciX" : "");
}

INSTANTIATE_TEST_SUITE_P(Chips, E1000,
                         ::testing::Values(k82540, k82545, k82544, k82544PciX, k82541, k82546Port1, k82574, k82575,
                                           k82576Port1, kI350Port3, kI210, kI354, k82573, kIch8, kIch9, kIch10, k82577,
                                           k82578, k82579, kI217, kI218, kI219, kI219Tgp),
                         name_of);

TEST_P(E1000, SaysWhoItIsWithoutBeingOpened) {
    probe(device);
    auto mac = FakeE1000::kMac;
    mac[5] ^= static_cast<std::uint8_t>(GetParam().port);
    EXPECT_EQ(link->address().octets, mac);
    EXPECT_EQ(link->identity().chip, GetParam().chip);
    EXPECT_EQ(link->identity().driver, GetParam().driver());
    EXPECT_EQ(link->identity().device, GetParam().device);
    EXPECT_EQ(link->identity().busdevfn, kSlot);
    EXPECT_EQ(device.resets, 0u);
    EXPECT_FALSE(device.decodes_memory());
    EXPECT_FALSE(device.is_master());
}

TEST_P(E1000, OpensInTheOrderOfTheDataSheet) {
    open(device);
    EXPECT_EQ(device.resets, 1u);
    EXPECT_TRUE(device.is_master());
    EXPECT_EQ(device.receive_room(), 255u);
    EXPECT_LE(link->receive_capacity(), device.receive_room());
    EXPECT_GE(link->receive_capacity(), 200u);
    EXPECT_TRUE(link->open().ok());
    EXPECT_EQ(device.resets, 1u);
}

TEST_P(E1000, OpensADeviceThatAnotherDriverLeftRunning) {
    device.leave_running();
    open(device);
    expect_it_carries(device, 100);
}

TEST_P(E1000, OpensADeviceWhoseReceiverWasWokenBeforeItHadARing) {
    device.wake_receiver();
    open(device);
    EXPECT_EQ(device.rctl_writes, 1u);
    expect_it_carries(device, 100);
}

TEST_P(E1000, WakesAPhyThatWasPoweredDown) {
    device.power_phy_down();
    open(device);
    EXPECT_TRUE(device.phy_is_powered());
}

TEST_P(E1000, ReceivesFramesInOrder) {
    open(device);
    EXPECT_FALSE(link->receive());
    for (unsigned size : {60u, 61u, 590u, 1514u, 1518u}) EXPECT_TRUE(device.deliver(frame(size, size)));
    for (unsigned size : {60u, 61u, 590u, 1514u, 1518u})
        EXPECT_EQ(bytes_of(link->receive()), frame(size, size));
    EXPECT_FALSE(link->receive());
}

TEST_P(E1000, TakesABurstOfItsWholeCapacity) {
    open(device);
    for (unsigned round = 0; round < 5; ++round) {
        for (unsigned i = 0; i < link->receive_capacity(); ++i)
            ASSERT_TRUE(device.deliver(frame(1514, i))) << i;
        for (unsigned i = 0; i < link->receive_capacity(); ++i)
            ASSERT_EQ(bytes_of(link->receive()), frame(1514, i));
        EXPECT_FALSE(link->receive());
    }
}

TEST_P(E1000, OpensWithFewRegisterAccesses) {
    probe(device);
    bus.take_accesses();
    EXPECT_TRUE(link->open().ok());
    host::Accesses accesses = bus.take_accesses();
    EXPECT_LE(accesses.reads, GetParam().queues || GetParam().is_pch() ? 50u : 20u);
    EXPECT_LE(accesses.writes, GetParam().unicast_table ? 328u : 200u);  // 160 or 288 of them clear filters
}

TEST_P(E1000, ReadsNoRegisterWhileNothingComes) {
    open(device);
    bus.take_accesses();
    for (unsigned i = 0; i < 1000; ++i) EXPECT_FALSE(link->receive());
    EXPECT_EQ(bus.take_accesses(), host::Accesses{});
}

TEST_P(E1000, WritesOneRegisterForABatchOfFramesReceived) {
    open(device);
    bus.take_accesses();
    for (unsigned i = 0; i < 470; ++i) {
        device.deliver(frame(1514));
        EXPECT_TRUE(link->receive());
    }
    EXPECT_EQ(bus.take_accesses(), (host::Accesses{.reads = 0, .writes = 10}));
}

TEST_P(E1000, WritesOneRegisterForAFrameSent) {
    open(device);
    bus.take_accesses();
    for (unsigned i = 0; i < 100; ++i) EXPECT_TRUE(send(frame(1514)));
    EXPECT_EQ(bus.take_accesses(), (host::Accesses{.reads = 0, .writes = 100}));
}

TEST_P(E1000, SendsFramesAndPadsShortOnesWithZeros) {
    open(device);
    EXPECT_TRUE(send(frame(1514)));
    EXPECT_TRUE(send(frame(42)));
    auto padded = frame(42);
    padded.resize(60);
    ASSERT_EQ(device.sent.size(), 2u);
    EXPECT_EQ(device.sent[0], frame(1514));
    EXPECT_EQ(device.sent[1], padded);
}

TEST_P(E1000, SendsFramesOfEverySizeAndPlace) {
    open(device);
    for (unsigned headroom = 0; headroom < 16; ++headroom)
        for (unsigned size = 60; size < 84; ++size) {
            net::Packet out = pool.allocate(headroom);
            auto bytes = frame(size, headroom);
            std::memcpy(out.append(size).data(), bytes.data(), size);
            ASSERT_TRUE(link->transmit(out));
            ASSERT_EQ(device.sent.back(), bytes);
        }
}

TEST_P(E1000, KeepsAPacketUntouchedWhenTheRingIsFull) {
    device.sends_at_once = false;
    open(device);
    unsigned taken = 0;
    while (taken < 100 && send(frame(600, taken))) ++taken;
    EXPECT_GE(taken, 31u);
    EXPECT_LT(taken, 64u);
    net::Packet out = packet(frame(42, 7));
    EXPECT_FALSE(link->transmit(out));
    EXPECT_EQ(bytes_of(out), frame(42, 7));
    device.finish_sending();
    EXPECT_TRUE(link->transmit(out));
    EXPECT_FALSE(out);
    device.finish_sending();
    EXPECT_EQ(device.sent.size(), taken + 1);
}

TEST_P(E1000, ReturnsSentPacketsToThePool) {
    open(device);
    std::size_t before = pool.available();
    send(frame(100));
    EXPECT_EQ(pool.available(), before - 1);
    link->receive();
    EXPECT_EQ(pool.available(), before);
}

constexpr net::Ipv4Address kFrom{10, 0, 0, 1}, kTo{10, 0, 0, 2};

// A packet to be cut, as the stack makes it, with a payload that counts up.
net::Packet packet_to_cut(net::PacketPool& pool, std::size_t payload, std::uint16_t segment_size) {
    net::Packet packet = pool.allocate();
    std::size_t done = 0;
    auto fill = [&](net::Packet& piece) {
        for (std::byte& b : piece.append(std::min(payload - done, piece.tailroom()))) b = static_cast<std::byte>(done++ % 251);
    };
    fill(packet);
    net::PacketBuffer* tail = &packet.buffer();
    while (done < payload) {
        net::Packet piece = pool.allocate();
        fill(piece);
        tail->more = piece.release();
        tail = tail->more;
    }
    net::TcpSegment header;
    header.sequence = net::TcpSequence(0xfffffff0);
    header.control = net::tcp_control::kAck | net::tcp_control::kPsh;
    header.timestamps = net::TcpTimestamps{1, 2};
    emit_tcp(header, packet);
    net::PacketBuffer& buffer = packet.buffer();
    buffer.segment_size = segment_size;
    buffer.checksum = net::Checksum::Offload;
    buffer.checksum_start = sizeof(net::EthernetHeader) + sizeof(net::Ipv4Header);
    buffer.checksum_offset = 16;
    util::Be16 sum = net::checksum_partial(net::checksum_add_pseudo_header(0, kFrom, kTo, 6, 0));
    std::memcpy(packet.data().data() + 16, &sum, sizeof sum);
    net::Ipv4Header ip;
    ip.protocol = 6;
    ip.source = kFrom;
    ip.destination = kTo;
    std::memcpy(packet.push(sizeof ip).data(), &ip, sizeof ip);
    packet.push(sizeof(net::EthernetHeader));
    return packet;
}

TEST_P(E1000, CutsTcpSegmentsAtOneGigabitOnly) {
    open(device);
    EXPECT_EQ(link->segmentation_limit(), 0u) << "the speed is not known yet";
    link->state();
    if (!GetParam().cuts()) {
        EXPECT_EQ(link->segmentation_limit(), 0u) << "this chip is not trusted to, or not asked";
        return;
    }
    for (std::size_t payload : std::initializer_list<std::size_t>{1449, 2896, 7300, link->segmentation_limit()}) {
        device.sent.clear();
        net::Packet packet = packet_to_cut(pool, payload, 1448);
        bus.take_accesses();
        ASSERT_TRUE(link->transmit(packet));
        EXPECT_EQ(bus.take_accesses().writes, 1u);
        ASSERT_EQ(device.sent.size(), (payload + 1447) / 1448);
        std::size_t done = 0;
        for (const auto& frame : device.sent) {
            util::Bytes ip = util::Bytes(frame).subspan(sizeof(net::EthernetHeader));
            EXPECT_EQ(net::checksum_of(ip.first(20)), 0);
            util::Bytes tcp = ip.subspan(20);
            auto sum = net::checksum_add_pseudo_header(0, kFrom, kTo, 6, static_cast<std::uint16_t>(tcp.size()));
            EXPECT_EQ(net::checksum_field(net::checksum_add(sum, tcp)), 0);
            for (std::byte b : tcp.subspan(32)) ASSERT_EQ(b, static_cast<std::byte>(done++ % 251));
            EXPECT_EQ(tcp[13] == std::byte{0x18}, done == payload) << "PSH on the last one";
        }
        EXPECT_EQ(done, payload);
        EXPECT_TRUE(send(frame(60)));  // right behind it
        link->receive();
    }
    EXPECT_EQ(device.cut_packets, 4u);
    device.set_link(true, 100);
    for (unsigned i = 0; i < 1000; ++i) link->state();
    EXPECT_EQ(link->segmentation_limit(), 0u);
}

TEST_P(E1000, KeepsWhatIsToBeCutUntilTheRingHasRoom) {
    device.sends_at_once = false;
    open(device);
    link->state();
    std::size_t limit = link->segmentation_limit();
    if (!limit) return;
    net::Packet first = packet_to_cut(pool, limit, 1448), second = packet_to_cut(pool, limit, 1448);
    EXPECT_TRUE(link->transmit(first));
    EXPECT_FALSE(link->transmit(second));
    EXPECT_EQ(second.whole_size(), limit + 66);
    device.finish_sending();
    EXPECT_TRUE(link->transmit(second));
    device.finish_sending();
    EXPECT_EQ(device.cut_packets, 2u);
}

TEST_P(E1000, DropsWhatIsNoFrameInsteadOfSendingIt) {
    open(device);
    EXPECT_TRUE(send(frame(13)));
    EXPECT_TRUE(send(frame(1519)));
    EXPECT_EQ(device.sent.size(), 0u);
}

TEST_P(E1000, GoesOnWhenPacketsThatWereHeldComeBack) {
    open(device);
    std::vector<net::Packet> held;
    while (device.deliver(frame(1514))) {
        held.push_back(link->receive());
        ASSERT_TRUE(held.back());
        ASSERT_LT(held.size(), 2 * kPackets);
    }
    EXPECT_GE(held.size(), link->receive_capacity());
    // There is still something to send with.
    EXPECT_TRUE(send(frame(60)));
    EXPECT_EQ(device.sent.size(), 1u);
    held.clear();
    EXPECT_FALSE(link->receive());
    EXPECT_EQ(device.receive_room(), 255u);
    expect_it_carries(device, 99);
}

TEST_P(E1000, ReportsLinkSpeedAndDuplex) {
    open(device);
    EXPECT_EQ(link->state(), (net::LinkState{.up = true, .megabits = 1000, .duplex = net::Duplex::Full}));
    device.set_link(false);
    auto later = [&] {
        for (unsigned i = 0; i < 1000; ++i) link->state();
        return link->state();
    };
    EXPECT_EQ(later(), net::LinkState{});
    device.set_link(true, 100, net::Duplex::Half);
    EXPECT_EQ(later(), (net::LinkState{.up = true, .megabits = 100, .duplex = net::Duplex::Half}));
    device.set_link(true, 10, net::Duplex::Full);
    EXPECT_EQ(later(), (net::LinkState{.up = true, .megabits = 10, .duplex = net::Duplex::Full}));
}

TEST_P(E1000, AsksForTheLinkStateSeldom) {
    open(device);
    link->state();
    bus.take_accesses();
    for (unsigned i = 0; i < 10000; ++i) link->state();
    EXPECT_LE(bus.take_accesses().reads, 50u);
}

TEST_P(E1000, IsQuietAfterClosingAndOpensAgain) {
    open(device);
    expect_quiet_when_closed(device);
}

TEST_P(E1000, TrustsChecksumsThatTheDeviceFoundRight) {
    constexpr std::uint8_t kDd = 1, kEop = 2, kIxsm = 4, kTcpcs = 0x20, kIpcs = 0x40;
    constexpr std::uint8_t kTcpe = 0x20, kIpe = 0x40;
    struct Case {
        std::uint8_t status, errors;
        net::Checksum expected;
    } cases[] = {
        {kDd | kEop | kTcpcs | kIpcs, 0, net::Checksum::Verified},
        {kDd | kEop | kTcpcs | kIpcs | kIxsm, 0, net::Checksum::Unknown},
        {kDd | kEop | kTcpcs | kIpcs, kTcpe, net::Checksum::Unknown},
        {kDd | kEop | kTcpcs | kIpcs, kIpe, net::Checksum::Unknown},
        {kDd | kEop | kIpcs, 0, net::Checksum::Unknown},
        {kDd | kEop, 0, net::Checksum::Unknown},
    };
    open(device);
    for (const Case& c : cases) {
        device.deliver(frame(100), {.status = c.status, .errors = c.errors});
        net::Packet received = link->receive();
        ASSERT_TRUE(received);
        EXPECT_EQ(received.buffer().checksum, c.expected) << int{c.status} << " " << int{c.errors};
    }
}

TEST_P(E1000, DropsFramesWithErrors) {
    open(device);
    for (std::uint8_t error : {0x01, 0x02, 0x04, 0x10, 0x80}) device.deliver(frame(100), {.errors = error});
    device.deliver(frame(101));
    EXPECT_EQ(bytes_of(link->receive()), frame(101));
}

TEST_P(E1000, DropsLengthsThatCannotBe) {
    open(device);
    for (int length : {0, 3, 4, 13, 1523, 2048, 2049, 65535})
        device.deliver(frame(100), {.length = static_cast<std::uint16_t>(length)});
    device.deliver(frame(101));
    EXPECT_EQ(bytes_of(link->receive()), frame(101));
    EXPECT_FALSE(link->receive());
}

TEST_P(E1000, DropsAllPiecesOfAFrameInSeveralBuffers) {
    open(device);
    device.deliver(frame(1000), {.status = 1});
    device.deliver(frame(1000), {.status = 1});
    device.deliver(frame(1000));
    device.deliver(frame(101));
    EXPECT_EQ(bytes_of(link->receive()), frame(101));
}

TEST_P(E1000, FailsToOpenWithoutMemoryAndKeepsNothing) {
    probe(device);
    host::limit_dma(pool_memory.size() + 5000);
    auto opened = link->open();
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(&opened.failure(), &util::kOutOfMemory);
    EXPECT_TRUE(device.is_quiet());
    EXPECT_EQ(host::dma_allocations(), 1u);
    host::limit_dma(16 << 20);
    EXPECT_TRUE(link->open().ok());
}

TEST_P(E1000, FailsToOpenWithAnEmptyPool) {
    probe(device);
    std::vector<net::Packet> all;
    while (pool.available()) all.push_back(pool.allocate());
    EXPECT_FALSE(link->open().ok());
    EXPECT_TRUE(device.is_quiet());
}

TEST_P(E1000, FailsWhenTheDeviceIsGone) {
    probe(device);
    device.dead = true;
    auto opened = link->open();
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(&opened.failure(), &drivers::kNoAnswer);
    EXPECT_FALSE(device.is_master());
}

TEST_P(E1000, UsesASmallPoolSparingly) {
    auto memory = platform::dma_allocate(48 * net::PacketBuffer::kStride, 64);
    {
        net::PacketPool small(memory);
        bus.plug(device, kSlot);
        auto small_link = drivers::find_nic({})->probe(small).take();
        ASSERT_TRUE(small_link->open().ok());
        EXPECT_EQ(device.receive_room(), 36u);
        EXPECT_GE(small_link->receive_capacity(), 16u);
        for (unsigned i = 0; i < 1000; ++i) {
            ASSERT_TRUE(device.deliver(frame(99, i)));
            ASSERT_EQ(bytes_of(small_link->receive()), frame(99, i));
        }
    }
    platform::dma_free(memory);
}

using E1000Odd = DriverFixture;

TEST_F(E1000Odd, FallsBackToTheFilterWhenTheEepromIsNotReadable) {
    // The 82544 has no EERD; the address comes from RAL and RAH.
    auto& device = make<FakeE1000>(k82544);
    probe(device);
    EXPECT_EQ(link->address().octets, FakeE1000::kMac);
}

TEST_F(E1000Odd, LeavesAReceiverAloneThatWasWokenAndSurvivedTheReset) {
    auto model = k82540;
    model.keeps_rctl = true;
    auto& device = make<FakeE1000>(model);
    device.wake_receiver();
    open(device);
    EXPECT_EQ(device.rctl_writes, 0u);
    expect_it_carries(device, 100);
    link->close();
    EXPECT_TRUE(device.is_quiet());
    EXPECT_TRUE(link->open().ok());
    EXPECT_TRUE(device.deliver(frame(200)));
}

TEST_F(E1000Odd, RefusesADeviceWithoutAnAddress) {
    auto model = k82540;
    model.blank_eeprom = true;
    auto& device = make<FakeE1000>(model);
    bus.plug(device, kSlot);
    auto made = drivers::find_nic({})->probe(pool);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(&made.failure(), &drivers::kNoMacAddress);
}

TEST_F(E1000Odd, RefusesRegistersAbove4GiB) {
    auto model = k82545;
    model.window = 0x8'0000'0000;
    auto& device = make<FakeE1000>(model);
    bus.plug(device, kSlot);
    auto made = drivers::find_nic({})->probe(pool);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(&made.failure(), &drivers::kRegistersOutOfReach);
}

TEST_F(E1000Odd, The82544SplitsBuffersOnlyInPciXMode) {
    for (bool pcix : {false, true}) {
        auto model = k82544;
        model.pcix = pcix;
        auto& device = make<FakeE1000>(model);
        open(device);
        for (unsigned size = 60; size < 76; ++size) EXPECT_TRUE(send(frame(size)));
        EXPECT_EQ(device.split_frames, pcix ? 8u : 0u);
        link.reset();
        bus.unplug(kSlot);
    }
}

class Igb : public E1000 {};
INSTANTIATE_TEST_SUITE_P(Chips, Igb, ::testing::Values(k82575, k82576Port1, kI350Port3, kI354), name_of);

TEST_P(Igb, GivesThePhyBack) {
    device.power_phy_down();
    open(device);
    EXPECT_TRUE(device.phy_is_powered());
    EXPECT_TRUE(device.phy_is_released());
}

TEST_P(Igb, LeavesAPhyAloneThatFirmwareHas) {
    device.power_phy_down();
    device.firmware_takes_phy();
    open(device);
    EXPECT_FALSE(device.phy_is_powered());
    EXPECT_TRUE(device.phy_is_released());
    EXPECT_TRUE(device.deliver(frame(100)));
}

TEST_P(Igb, LeavesAPhyAloneWhoseSemaphoreFirmwareKeeps) {
    device.power_phy_down();
    device.firmware_takes_semaphore();
    open(device);
    EXPECT_FALSE(device.phy_is_powered());
    EXPECT_TRUE(device.phy_is_released());
}

TEST_P(Igb, TakesTheSemaphoreOfADriverThatDied) {
    device.power_phy_down();
    device.other_driver_keeps_semaphore();
    open(device);
    EXPECT_TRUE(device.phy_is_powered());
    EXPECT_TRUE(device.phy_is_released());
}

TEST_P(Igb, LeavesALinkAloneThatIsUp) {
    open(device);
    EXPECT_EQ(device.negotiations, 0u);
    EXPECT_TRUE(link->state().up);
}

TEST_F(E1000Odd, NegotiatesWhereAResetLosesTheLink) {
    auto model = k82576Port1;
    model.forgets_link = true;
    open(make<FakeE1000>(model));
    EXPECT_TRUE(link->state().up);
}

TEST_P(Igb, NegotiatesWithAPhyOutside) {
    open(device);
    EXPECT_EQ(device.negotiates_sgmii(), GetParam().sgmii);
}

class Pch : public E1000 {};
INSTANTIATE_TEST_SUITE_P(Chips, Pch,
                         ::testing::Values(k82573, kIch8, kIch9, kIch10, k82577, k82578, k82579, kI217, kI218, kI219, kI219Tgp),
                         name_of);

TEST_P(Pch, GivesThePhyBack) {
    device.power_phy_down();
    open(device);
    EXPECT_TRUE(device.phy_is_powered());
    EXPECT_TRUE(device.pch->is_released());
    link->state();
    EXPECT_TRUE(device.pch->is_released());
}

TEST_P(Pch, LeavesAPhyAloneThatFirmwareHas) {
    device.power_phy_down();
    device.pch->firmware_takes_phy();
    open(device);
    EXPECT_FALSE(device.phy_is_powered());
    EXPECT_TRUE(device.deliver(frame(100)));
}

TEST_P(Pch, TakesTheFlagOfADriverThatHasGone) {
    device.power_phy_down();
    device.pch->leave_flag_set();
    open(device);
    EXPECT_TRUE(device.phy_is_powered());
    EXPECT_TRUE(device.pch->is_released());
}

TEST_P(Pch, TakesThePhyOutOfUltraLowPower) {
    if (GetParam().pch < FakePch::Kind::I218) return;
    for (bool firmware : {false, true}) {
        device.pch->enter_ultra_low_power(firmware);
        open(device);
        EXPECT_FALSE(device.pch->is_in_ultra_low_power());
        EXPECT_EQ(device.pch->phy(769, 23) & 1, firmware);
        link->close();
        link.reset();
        bus.unplug(kSlot);
    }
}

TEST_P(Pch, IsTunedToTheSpeedOfTheLink) {
    open(device);
    if (device.pch->loses_by_k1()) {
        link->state();
        EXPECT_EQ(device.pch->phy(770, 19), 0x0100);
    }
    if (GetParam().pch < FakePch::Kind::Lan82579) return;
    bool is82579 = device.pch->is(FakePch::Kind::Lan82579), is218 = device.pch->is(FakePch::Kind::I218);
    auto k1 = [&] { return device.pch->phy(770, 17) >> 14 & 1; };
    auto later = [&] {
        for (unsigned i = 0; i < 1000; ++i) link->state();
    };
    later();
    EXPECT_EQ(k1(), !is82579 && !is218);
    EXPECT_EQ(device.pch->read(0x24), is82579 ? 0u : 7u);
    if (!is82579) {
        EXPECT_EQ(device.pch->phy(772, 28), 0x10fa);
    }
    if (device.pch->is_i219()) {
        EXPECT_EQ(device.pch->phy(776, 20), 0x0063);
    }
    device.set_link(true, 100);
    later();
    EXPECT_EQ(k1(), !is82579);
    EXPECT_EQ(device.tipg() & 0x3ff, device.pch->is_i219() ? 12u : 8u);
    if (!is82579) {
        EXPECT_EQ(device.pch->phy(772, 28), 0x13e8);
    }
    if (device.pch->is_i219()) {
        EXPECT_EQ(device.pch->phy(776, 20), 0xc023);
    }
    device.set_link(true, 10, net::Duplex::Half);
    later();
    EXPECT_EQ(device.pch->read(0x24), is82579 ? 3u : 7u);
    EXPECT_EQ(device.tipg() & 0x3ff, 8u);
}

TEST_P(Pch, EmptiesItsRingsBeforeAReset) {
    device.sends_at_once = false;
    open(device);
    EXPECT_TRUE(send(frame(100)));
    link->close();
    EXPECT_TRUE(device.is_quiet());
    if (device.pch->is_i219()) {
        EXPECT_EQ(device.receive_room(), 0u);
    }
}

TEST_P(Pch, TellsFirmwareThatADriverIsThere) {
    open(device);
    EXPECT_EQ(device.pch->has_driver(), GetParam().pch == FakePch::Kind::Lan82573);
    link->close();
    EXPECT_FALSE(device.pch->has_driver());
}

TEST_P(E1000, LetsFramesThroughForTheAddressThatItIsGiven) {
    open(device);
    EXPECT_EQ(device.station(), link->address().octets);
    link->close();
    expect_it_takes_another_address([&] { return device.station(); });
}

}  // namespace
