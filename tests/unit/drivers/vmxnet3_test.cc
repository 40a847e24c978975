// The vmxnet3 driver on a fake of its device.
#include "tests/unit/drivers/driver_fixture.h"
#include "tests/unit/drivers/fake_vmxnet3.h"

namespace {

class Vmxnet3 : public DriverFixture {
  protected:
    FakeVmxnet3& device = make<FakeVmxnet3>();
    net::LinkState later() {
        for (unsigned i = 0; i < 1000; ++i) link->state();
        return link->state();
    }
};

TEST_F(Vmxnet3, SaysWhoItIsWithoutBeingOpened) {
    probe(device);
    EXPECT_EQ(link->address().octets, FakeVmxnet3::kMac);
    EXPECT_EQ(link->identity().driver, "vmxnet3");
    EXPECT_EQ(device.resets, 0u);
    EXPECT_FALSE(device.decodes_memory());
}

TEST_F(Vmxnet3, OpensADeviceThatAnotherDriverLeftRunning) {
    device.leave_running();
    open(device);
    EXPECT_EQ(device.resets, 1u);
    expect_it_carries(device, 100);
}

TEST_F(Vmxnet3, TakesBurstsOfItsWholeCapacityRoundTheRing) {
    open(device);
    EXPECT_GE(link->receive_capacity(), 200u);
    expect_whole_bursts(device);
}

TEST_F(Vmxnet3, AccessesNoRegisterToReceive) {
    open(device);
    expect_no_access_to_receive(device);
}

TEST_F(Vmxnet3, TellsADeviceThatWantsItOfNewBuffersInBatches) {
    device.wants_doorbell = true;
    open(device);
    bus.take_accesses();
    for (unsigned i = 0; i < 470; ++i) {
        ASSERT_TRUE(device.deliver(frame(100, i)));
        ASSERT_EQ(bytes_of(link->receive()), frame(100, i));
    }
    EXPECT_EQ(bus.take_accesses(), (host::Accesses{.reads = 0, .writes = 10}));
}

TEST_F(Vmxnet3, GoesOnWhenTheDeviceHasPassedOverABuffer) {
    open(device);
    for (unsigned i = 0; i < 300; ++i) {
        device.skip_buffer();
        ASSERT_TRUE(device.deliver(frame(100, i)));
        ASSERT_EQ(bytes_of(link->receive()), frame(100, i));
    }
}

TEST_F(Vmxnet3, TakesNoFrameFromABufferThatItHasNotGiven) {
    open(device);
    using How = FakeVmxnet3::How;
    EXPECT_TRUE(device.deliver(frame(100), How{.index = 255}));
    EXPECT_TRUE(device.deliver(frame(100), How{.index = 256}));
    EXPECT_TRUE(device.deliver(frame(100), How{.index = 4095}));
    EXPECT_TRUE(device.deliver(frame(100), How{.word0 = 0x4001c000}));
    EXPECT_FALSE(link->receive());
    EXPECT_TRUE(device.deliver(frame(100, 1)));
    EXPECT_EQ(bytes_of(link->receive()), frame(100, 1));
    EXPECT_TRUE(device.deliver(frame(100), How{.index = 4})) << "the same once more";
    EXPECT_FALSE(link->receive());
}

TEST_F(Vmxnet3, DropsWhatIsNoWholeGoodFrame) {
    open(device);
    using How = FakeVmxnet3::How;
    for (How how : {How{.word0 = 0x40004000}, How{.word0 = 0x40008000}, How{.word2 = 0x4000 | 100}, How{.word2 = 13}, How{.word2 = 1519},
                    How{.word2 = 0x3fff}})
        EXPECT_TRUE(device.deliver(frame(100), how));
    expect_it_carries(device, 101);
}

TEST_F(Vmxnet3, TrustsChecksumsThatTheDeviceHasFoundRight) {
    open(device);
    using How = FakeVmxnet3::How;
    constexpr std::uint32_t kTcp4 = 0x03800000 | 1u << 16 | 1u << 18 | 1u << 19 | 1u << 21, kLooked = 0xc000;
    struct {
        How how;
        net::Checksum expected;
    } cases[] = {
        {{.word0 = kLooked, .word3 = kTcp4}, net::Checksum::Verified},
        {{.word0 = kLooked, .word3 = (kTcp4 & ~(1u << 18)) | 1u << 17}, net::Checksum::Verified},
        {{.word0 = kLooked, .word3 = 0x03800000 | 1u << 16 | 1u << 18 | 1u << 20}, net::Checksum::Verified},
        {{.word0 = kLooked | 1u << 30, .word3 = kTcp4}, net::Checksum::Unknown},
        {{.word0 = kLooked, .word3 = kTcp4 & ~(1u << 16)}, net::Checksum::Unknown},
        {{.word0 = kLooked, .word3 = kTcp4 & ~(1u << 18)}, net::Checksum::Unknown},
        {{.word0 = kLooked, .word3 = kTcp4 & ~(1u << 19)}, net::Checksum::Unknown},
        {{.word0 = kLooked, .word3 = kTcp4 | 1u << 22}, net::Checksum::Unknown},
    };
    for (const auto& [how, expected] : cases) {
        EXPECT_TRUE(device.deliver(frame(100), how));
        net::Packet packet = link->receive();
        ASSERT_TRUE(packet);
        EXPECT_EQ(packet.buffer().checksum, expected) << std::hex << how.word0 << " " << how.word3;
    }
}

TEST_F(Vmxnet3, SendsFramesAndPadsShortOnes) {
    open(device);
    for (unsigned size : {42u, 60u, 61u, 1514u}) {
        bus.take_accesses();
        EXPECT_TRUE(send(frame(size, size)));
        EXPECT_EQ(bus.take_accesses(), (host::Accesses{.reads = 0, .writes = 1}));
        auto expected = frame(size, size);
        expected.resize(std::max(size, 60u));
        EXPECT_EQ(device.sent.back().frame, expected);
        EXPECT_EQ(device.sent.back().mode, 0u);
    }
    EXPECT_TRUE(send(frame(13)));
    EXPECT_EQ(device.sent.size(), 4u);
    std::size_t before = pool.available();
    link->receive();
    EXPECT_EQ(pool.available(), before + 1) << "sent packets come back";
}

TEST_F(Vmxnet3, LetsTheDeviceCompleteChecksums) {
    open(device);
    EXPECT_TRUE(link->checksum_offload());
    net::Packet out = packet(frame(100));
    out.buffer().checksum = net::Checksum::Offload;
    out.buffer().checksum_start = 34;
    out.buffer().checksum_offset = 16;
    EXPECT_TRUE(link->transmit(out));
    EXPECT_EQ(device.sent.back().mode, 2u);
    EXPECT_EQ(device.sent.back().header, 34u);
    EXPECT_EQ(device.sent.back().position, 50u);
}

TEST_F(Vmxnet3, PadsNoFrameWhoseChecksumTheDeviceCompletes) {
    open(device);
    net::Packet out = packet(frame(54));
    out.buffer().checksum = net::Checksum::Offload;
    out.buffer().checksum_start = 34;
    out.buffer().checksum_offset = 16;
    EXPECT_TRUE(link->transmit(out));
    EXPECT_EQ(device.sent.back().frame, frame(54));
}

TEST_F(Vmxnet3, KeepsAPacketWhenTheRingIsFull) {
    device.sends_at_once = false;
    open(device);
    unsigned taken = 0;
    while (taken < 100 && send(frame(600, taken))) ++taken;
    EXPECT_EQ(taken, 63u);
    net::Packet out = packet(frame(42, 7));
    EXPECT_FALSE(link->transmit(out));
    EXPECT_EQ(bytes_of(out), frame(42, 7));
    device.finish_sending();
    EXPECT_TRUE(link->transmit(out));
    device.finish_sending();
    ASSERT_EQ(device.sent.size(), 64u);
    for (unsigned i = 0; i < 63; ++i) EXPECT_EQ(device.sent[i].frame, frame(600, i));
}

TEST_F(Vmxnet3, TakesOneCompletionForSeveralSentFrames) {
    device.completes = false;
    open(device);
    std::size_t before = pool.available();
    for (unsigned i = 0; i < 10; ++i) EXPECT_TRUE(send(frame(100, i)));
    device.complete_sending(8);
    link->receive();
    EXPECT_EQ(pool.available(), before - 1);
    for (unsigned index : {8u, 10u, 63u, 64u, 4095u}) device.complete_sending(index);
    link->receive();
    EXPECT_EQ(pool.available(), before - 1) << "what was not sent cannot be complete";
    device.complete_sending(9);
    link->receive();
    EXPECT_EQ(pool.available(), before);
}

TEST_F(Vmxnet3, ReportsTheLink) {
    open(device);
    EXPECT_EQ(later(), (net::LinkState{.up = true, .megabits = 10000, .duplex = net::Duplex::Full}));
    device.link_up = false;
    EXPECT_EQ(later(), net::LinkState{});
    device.link_up = true;
    device.megabits = 1000;
    EXPECT_EQ(later(), (net::LinkState{.up = true, .megabits = 1000, .duplex = net::Duplex::Full}));
}

TEST_F(Vmxnet3, AsksForTheLinkNowAndThen) {
    open(device);
    later();
    bus.take_accesses();
    for (unsigned i = 0; i < 257; ++i) link->state();
    EXPECT_EQ(bus.take_accesses(), (host::Accesses{.reads = 1, .writes = 1}));
}

TEST_F(Vmxnet3, StartsAnewAfterAQueueHasStopped) {
    open(device);
    for (unsigned queue : {1u, 2u}) {
        device.fail(queue);
        if (queue == 1) EXPECT_FALSE(device.deliver(frame(99)));
        EXPECT_TRUE(later().up);
        expect_it_carries(device, 100);
        device.sent.clear();
        EXPECT_TRUE(send(frame(101)));
        ASSERT_EQ(device.sent.size(), 1u);
        EXPECT_EQ(device.sent[0].frame, frame(101));
    }
}

TEST_F(Vmxnet3, IsQuietAfterClosingAndOpensAgain) {
    open(device);
    expect_quiet_when_closed(device);
}

TEST_F(Vmxnet3, FailsWithoutMemoryAnAddressOrAnAnswer) {
    probe(device);
    auto expect_failure = [&](const util::Failure& failure) {
        auto opened = link->open();
        ASSERT_FALSE(opened.ok());
        EXPECT_EQ(&opened.failure(), &failure);
    };
    host::limit_dma(pool_memory.size() + 1000);
    expect_failure(util::kOutOfMemory);
    EXPECT_TRUE(device.is_quiet());
    host::limit_dma(1 << 30);
    device.revisions = 2;
    expect_failure(drivers::kNotAsSpecified);
    device.revisions = 1;
    device.refuses = true;
    expect_failure(drivers::kNotAsSpecified);
    EXPECT_TRUE(device.is_quiet());
    device.dead = true;
    expect_failure(drivers::kNoAnswer);
    link.reset();
    device.dead = false;
    device.blank = true;
    auto made = drivers::find_nic({})->probe(pool);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(&made.failure(), &drivers::kNoMacAddress);
}

TEST_F(Vmxnet3, LetsFramesThroughForTheAddressThatItIsGiven) {
    probe(device);
    expect_it_hears_by_another_address(device);
}

}  // namespace
