// The driver over a PXE ROM's UNDI, and a NIC with two drivers.
#include "drivers/undi.h"

#include <platform/clock.h>
#include <platform/io.h>

#include "drivers/either_link.h"
#include <optional>

#include "tests/unit/drivers/driver_fixture.h"
#include "tests/unit/drivers/fake_e1000.h"
#include "tests/unit/drivers/fake_undi.h"

namespace {

using namespace drivers;
using State = FakeUndi::State;

// The mask registers of the interrupt controllers.
class InterruptControllers final : public host::FakePciDevice {
  public:
    InterruptControllers() : FakePciDevice(0x8086, 0x7000) {
        add_io_window(0, 0x21, 1);
        add_io_window(1, 0xa1, 1);
        set_config(4, 2, 1);
    }
    std::uint32_t read_window(unsigned bar, std::uint32_t, unsigned) override { return masks[bar]; }
    void write_window(unsigned bar, std::uint32_t, unsigned, std::uint32_t value) override {
        masks[bar] = static_cast<std::uint8_t>(value);
    }
    std::uint8_t masks[2] = {0xb8, 0x8f};  // as SeaBIOS leaves them, but for one
};

class UndiTest : public DriverFixture {
  protected:
    UndiTest() { bus.plug(controllers_, 0x0008); }
    ~UndiTest() override {
        link.reset();
        bus.unplug(0x0008);
    }
    FakeUndi& rom(const FakeUndi::Lies& lies = {}) {
        link.reset();
        rom_.reset();
        return rom_.emplace(lies);
    }
    util::Result<void> start(platform::PciAddress address = kNoAddress) {
        auto nic = find_boot_nic(address);
        if (!nic) return kNoAnswer;
        link = TRY(nic->probe(pool));
        return {};
    }
    FakeUndi& open(const FakeUndi::Lies& lies = {}) {
        rom(lies);
        EXPECT_TRUE(start().ok());
        auto opened = link->open();
        EXPECT_TRUE(opened.ok()) << opened.failure().text;
        return *rom_;
    }
    unsigned drain() {
        unsigned count = 0;
        while (link->receive()) ++count;
        return count;
    }
    util::Duration send_in_the_end(std::span<const std::byte> bytes);
    InterruptControllers controllers_;

  private:
    std::optional<FakeUndi> rom_;
};

TEST_F(UndiTest, IsThereOnlyWhenARomHasLeftIt) {
    EXPECT_FALSE(find_boot_nic(kNoAddress).has_value());
    rom();
    auto nic = find_boot_nic(kNoAddress);
    ASSERT_TRUE(nic.has_value());
    EXPECT_EQ(nic->entry->chip.driver, "undi");
}

TEST_F(UndiTest, KnowsWhoItsNicIs) {
    FakeUndi& undi = rom();
    ASSERT_TRUE(start().ok());
    EXPECT_EQ(link->address(), FakeUndi::kMac);
    const net::LinkIdentity& identity = link->identity();
    EXPECT_EQ(identity.driver, "undi");
    EXPECT_TRUE(identity.has_pci_address);
    EXPECT_EQ(identity.busdevfn, 0x0018);
    EXPECT_EQ(identity.vendor, 0x10ec);
    EXPECT_EQ(identity.device, 0x8139);
    EXPECT_EQ(undi.state, State::Initialised) << "as found";
}

TEST_F(UndiTest, AsksForNoMoreFramesThanTheRingOfItsRomHolds) {
    struct Ring {
        std::uint16_t vendor, device;
        std::size_t frames;
    };
    for (const Ring& ring : {Ring{0x8086, 0x1209, 3}, Ring{0x8086, 0x1229, 3}, Ring{0x10ec, 0x8139, 4}, Ring{0x1022, 0x2000, 4},
                             Ring{0x8086, 0x100e, 8}}) {
        FakeUndi& undi = rom();
        undi.vendor = ring.vendor;
        undi.device = ring.device;
        ASSERT_TRUE(start().ok());
        EXPECT_EQ(link->receive_capacity(), ring.frames) << std::hex << ring.vendor << ':' << ring.device;
    }
}

TEST_F(UndiTest, DoesWithoutANicType) {
    rom({.no_nic_type = true});
    ASSERT_TRUE(start().ok());
    EXPECT_FALSE(link->identity().has_pci_address);
}

TEST_F(UndiTest, IsNotUsedWhenItSaysNothingOfItself) {
    rom({.no_information = true});
    EXPECT_EQ(&start().failure(), &kNoAnswer);
}

TEST_F(UndiTest, IsNotUsedWithoutAnAddress) {
    rom({.no_address = true});
    EXPECT_EQ(&start().failure(), &kNoMacAddress);
}

TEST_F(UndiTest, BoundsTheMtuThatTheRomSays) {
    for (auto [said, used] : {std::pair<std::uint16_t, std::uint16_t>{0, 1500}, {1514, 1500}, {1400, 1400}, {0xffff, 1500}}) {
        rom({.mtu = said});
        ASSERT_TRUE(start().ok());
        EXPECT_EQ(link->mtu(), used);
    }
}

TEST_F(UndiTest, OpensForFramesToItAndToEverybody) {
    FakeUndi& undi = open();
    EXPECT_EQ(undi.state, State::Open);
    EXPECT_EQ(undi.filter, 3);
    EXPECT_EQ(link->state(), (net::LinkState{.up = true, .megabits = 100}));
}

TEST_F(UndiTest, OpensWhatItsOwnStackHasLeftOpen) {
    FakeUndi& undi = open({.open_needs_close = true});
    EXPECT_EQ(undi.state, State::Open);
}

TEST_F(UndiTest, StartsWhatItsOwnStackHasStopped) {
    FakeUndi& undi = open({.open_needs_start = true});
    EXPECT_EQ(undi.state, State::Open);
}

TEST_F(UndiTest, SaysWhenItCannotBeOpened) {
    rom({.open_fails = true});
    ASSERT_TRUE(start().ok());
    EXPECT_FALSE(link->open().ok());
    EXPECT_FALSE(link->state().up);
    EXPECT_FALSE(link->receive());
}

TEST_F(UndiTest, IsShutDownForTheOperatingSystemAndOpensAgain) {
    FakeUndi& undi = open();
    link->close();
    EXPECT_EQ(undi.state, State::Stopped);
    ASSERT_TRUE(link->open().ok());
    EXPECT_EQ(undi.state, State::Open);
}

TEST_F(UndiTest, MasksTheInterruptThatNobodyServesWhileItIsOpen) {
    open({.interrupt = 11});
    EXPECT_EQ(controllers_.masks[1], 0x8f) << "was masked";
    open({.interrupt = 5});
    EXPECT_EQ(controllers_.masks[0], 0xb8) << "was masked";
    open({.interrupt = 6});
    EXPECT_EQ(controllers_.masks[0], 0xf8);
    link->close();
    EXPECT_EQ(controllers_.masks[0], 0xb8);
    for (std::uint16_t nonsense : {0, 16, 255, 0xffff}) {
        open({.interrupt = nonsense});
        EXPECT_EQ(controllers_.masks[0], 0xb8);
        EXPECT_EQ(controllers_.masks[1], 0x8f);
    }
}

TEST_F(UndiTest, ReceivesABurstInOneService) {
    FakeUndi& undi = open();
    for (unsigned i = 0; i < 20; ++i) undi.deliver(frame(1514, i));
    unsigned before = undi.calls;
    for (unsigned i = 0; i < 20; ++i) EXPECT_EQ(bytes_of(link->receive()), frame(1514, i));
    EXPECT_EQ(undi.calls - before, 22u) << "Start, a call for each frame, and the one that says there are no more";
    EXPECT_FALSE(link->receive());
}

TEST_F(UndiTest, ReceivesWhatTheRomSaysIsNotItsInterrupt) {
    FakeUndi& undi = open({.says_not_ours = true});
    undi.deliver(frame(100));
    EXPECT_EQ(bytes_of(link->receive()), frame(100));
}

TEST_F(UndiTest, PutsAFrameTogetherThatComesInPieces) {
    FakeUndi& undi = open({.fragment = 600});
    undi.deliver(frame(1514, 1));
    undi.deliver(frame(60, 2));
    EXPECT_EQ(bytes_of(link->receive()), frame(1514, 1));
    EXPECT_EQ(bytes_of(link->receive()), frame(60, 2));
}

TEST_F(UndiTest, DropsNonsense) {
    for (const FakeUndi::Lies& lies : {FakeUndi::Lies{.null_frame = true}, FakeUndi::Lies{.wild_lengths = true},
                                       FakeUndi::Lies{.busy_for_ever = true}}) {
        FakeUndi& undi = open(lies);
        for (std::size_t size : {60, 1514}) undi.deliver(frame(size));
        EXPECT_EQ(drain(), 0u);
    }
    FakeUndi& undi = open();
    for (std::size_t size : {1, 13, 1519, 4000}) undi.deliver(frame(size));
    undi.deliver(frame(60));
    EXPECT_EQ(drain(), 1u);
}

TEST_F(UndiTest, ComesToAnEndWhenTheRomDoesNot) {
    FakeUndi& undi = open({.never_done = true});
    undi.deliver(frame(60));
    EXPECT_TRUE(link->receive());
    link->close();
}

TEST_F(UndiTest, DropsFramesWhileThereAreNoPackets) {
    FakeUndi& undi = open();
    net::PacketQueue taken;
    while (net::Packet packet = pool.allocate()) taken.push_back(std::move(packet));
    undi.deliver(frame(60));
    EXPECT_FALSE(link->receive());
    taken.clear();
    undi.deliver(frame(61));
    EXPECT_EQ(bytes_of(link->receive()), frame(61));
}

TEST_F(UndiTest, SendsOneFrameAfterTheOther) {
    FakeUndi& undi = open();
    for (unsigned i = 0; i < 3; ++i) EXPECT_TRUE(send(frame(1514, i)));
    (void)link->receive();
    ASSERT_EQ(undi.sent.size(), 3u);
    for (unsigned i = 0; i < 3; ++i) EXPECT_EQ(undi.sent[i], frame(1514, i));
}

TEST_F(UndiTest, FillsUpShortFrames) {
    FakeUndi& undi = open();
    send(frame(20));
    (void)link->receive();
    ASSERT_EQ(undi.sent.size(), 1u);
    EXPECT_EQ(undi.sent[0].size(), 60u);
}

TEST_F(UndiTest, KeepsWhatArrivesWhileItWaitsForAFrameToBeSent) {
    FakeUndi& undi = open();
    send(frame(60));
    undi.deliver(frame(100, 7));
    send(frame(60));
    EXPECT_EQ(bytes_of(link->receive()), frame(100, 7));
}

// The frame, offered until it is taken, and how long that was.
util::Duration UndiTest::send_in_the_end(std::span<const std::byte> bytes) {
    net::Packet out = packet(bytes);
    util::Instant began = platform::now();
    while (!link->transmit(out)) {
        EXPECT_EQ(bytes_of(out), std::vector(bytes.begin(), bytes.end())) << "a frame that is not taken stays as it is";
        host::advance(util::Duration::microseconds(100));
        if (platform::now() - began > util::Duration::seconds(60)) {
            ADD_FAILURE() << "it is never taken";
            break;
        }
    }
    EXPECT_FALSE(out);
    return platform::now() - began;
}

TEST_F(UndiTest, WaitsForARomThatNeverSaysThatItHasSentEverLess) {
    FakeUndi& undi = open({.never_says_sent = true});
    util::Duration waited;
    for (unsigned i = 0; i < 100; ++i) waited = waited + send_in_the_end(frame(60, i));
    EXPECT_EQ(undi.sent.size(), 100u);
    EXPECT_LT(waited, util::Duration::milliseconds(11));
    EXPECT_EQ(send_in_the_end(frame(60)), util::Duration());
    EXPECT_EQ(undi.openings, 1u) << "it is none that has fallen silent";
}

TEST_F(UndiTest, LeavesAFrameAloneUntilItIsSent) {
    FakeUndi& undi = open({.sending_takes = util::Duration::milliseconds(4)});
    for (unsigned i = 0; i < 50; ++i) send_in_the_end(frame(1514, i));
    host::advance(util::Duration::milliseconds(4));
    (void)link->receive();
    ASSERT_EQ(undi.sent.size(), 50u);
    for (unsigned i = 0; i < 50; ++i) EXPECT_EQ(undi.sent[i], frame(1514, i));
}

TEST_F(UndiTest, LetsARomThatHasBeenPromptTakeItsTime) {
    FakeUndi& undi = open();
    for (unsigned i = 0; i < 10000; ++i) {
        send_in_the_end(frame(60, i));
        (void)link->receive();
    }
    undi.lies.sending_takes = util::Duration::milliseconds(90);  // a pause frame, or a crowded wire
    send_in_the_end(frame(1514, 1));
    EXPECT_GE(send_in_the_end(frame(1514, 2)), util::Duration::milliseconds(90));
    EXPECT_EQ(undi.sent.back(), frame(1514, 1));
}

TEST_F(UndiTest, TrustsARomAgainThatWasSilentWhileItsLinkCameUp) {
    FakeUndi& undi = open({.never_says_sent = true});
    for (unsigned i = 0; i < 3; ++i) send_in_the_end(frame(342, i));
    undi.lies.never_says_sent = false;
    (void)link->receive();
    for (unsigned i = 0; i < 500; ++i) {
        send_in_the_end(frame(60, i));
        (void)link->receive();
    }
    undi.lies.sending_takes = util::Duration::milliseconds(4);
    undi.sent.clear();
    for (unsigned i = 0; i < 3; ++i) send_in_the_end(frame(1514, i));
    ASSERT_EQ(undi.sent.size(), 2u);
    EXPECT_EQ(undi.sent[1], frame(1514, 1));
}

TEST_F(UndiTest, TrustsARomAgainThatIsOpenedAgain) {
    FakeUndi& undi = open({.never_says_sent = true});
    for (unsigned i = 0; i < 100; ++i) send_in_the_end(frame(60, i));
    link->close();
    undi.lies.open_needs_start = true;
    ASSERT_TRUE(link->open().ok());
    undi.lies = {.sending_takes = util::Duration::milliseconds(4)};
    send_in_the_end(frame(1514, 1));
    send_in_the_end(frame(1514, 2));
    EXPECT_EQ(undi.sent.back(), frame(1514, 1));
}

// QEMU's pcnet by the UNDI of its ROM.
TEST_F(UndiTest, NeverFillsTheRingOfARomThatForgetsAFullOne) {
    FakeUndi& undi = open({.says_sent_with_received = true, .ring = 16});
    for (unsigned i = 0; i < 3; ++i) send_in_the_end(frame(60, i));
    for (unsigned round = 0; round < 20; ++round) {
        undi.deliver(frame(60));
        EXPECT_EQ(drain(), 1u);
        for (unsigned i = 0; i < 40; ++i) {
            if (!send(frame(1514, i))) host::advance(util::Duration::milliseconds(6));
            if (i % 10 == 9) undi.deliver(frame(60));
        }
        drain();
    }
    EXPECT_EQ(undi.refused, 0u);
    EXPECT_EQ(undi.openings, 1u);
    EXPECT_GT(undi.sent.size(), 100u);
}

TEST_F(UndiTest, OpensAnAdapterAgainThatFallsSilent) {
    FakeUndi& undi = open({.silent_after = 20});
    for (unsigned i = 0; i < 20; ++i) send_in_the_end(frame(60, i));
    util::Duration waited;
    for (unsigned i = 0; i < 20; ++i) waited = waited + send_in_the_end(frame(60, i));
    EXPECT_EQ(undi.openings, 2u);
    EXPECT_LT(waited, util::Duration::seconds(6));
    EXPECT_GT(undi.sent.size(), 20u);
    EXPECT_EQ(undi.state, State::Open);
}

// As transports do that get no answer.
TEST_F(UndiTest, OpensAnAdapterAgainThatReceivesNoMore) {
    FakeUndi& undi = open({.deaf_after = 2});
    for (unsigned i = 0; i < 4; ++i) undi.deliver(frame(60, i));
    EXPECT_EQ(drain(), 2u);
    for (unsigned seconds : {1, 2, 4}) {
        send_in_the_end(frame(60));
        EXPECT_EQ(drain(), 0u);
        host::advance(util::Duration::seconds(seconds));
    }
    EXPECT_EQ(undi.openings, 1u);
    send_in_the_end(frame(60, 9));
    EXPECT_EQ(undi.openings, 2u);
    EXPECT_EQ(drain(), 2u) << "what came meanwhile, or comes again";
    EXPECT_EQ(undi.sent.back(), frame(60, 9));
}

TEST_F(UndiTest, DoesNotTakeAQuietNetworkForASilentAdapter) {
    FakeUndi& undi = open();
    auto ask = [&](unsigned times) {
        for (unsigned i = 0; i < times; ++i) {
            send_in_the_end(frame(60));
            drain();
            host::advance(util::Duration::seconds(4));
        }
    };
    ask(100);  // nobody is there
    EXPECT_EQ(undi.openings, 1u);
    for (unsigned i = 0; i < 10; ++i) {
        undi.deliver(frame(60));
        ask(1);
        host::advance(util::Duration::seconds(100));  // at a prompt
    }
    EXPECT_EQ(undi.openings, 1u);
    ask(100);  // the cable is out
    EXPECT_EQ(undi.openings, 2u) << "once";
}

TEST_F(UndiTest, OffersAFrameAgainThatIsRefused) {
    for (bool success_but_failure : {false, true}) {
        FakeUndi& undi = open({.refuses = true, .success_but_failure = success_but_failure});
        net::Packet out = packet(frame(60, 1));
        EXPECT_FALSE(link->transmit(out));
        EXPECT_EQ(bytes_of(out), frame(60, 1));
        undi.lies.refuses = false;
        EXPECT_TRUE(link->transmit(out));
        (void)link->receive();
        ASSERT_EQ(undi.sent.size(), 1u);
        EXPECT_EQ(undi.sent[0], frame(60, 1));
    }
}

TEST_F(UndiTest, DropsFramesThatAreRefusedForEver) {
    FakeUndi& undi = open({.refuses = true});
    for (unsigned i = 0; i < 3; ++i) EXPECT_GE(send_in_the_end(frame(60, i)), util::Duration::seconds(5));
    EXPECT_EQ(undi.openings, 4u) << "each time the adapter is opened again";
    undi.lies.refuses = false;
    EXPECT_EQ(send_in_the_end(frame(60)), util::Duration());
}

TEST_F(UndiTest, StartsAnAdapterFromNothingThatOpensNoMore) {
    FakeUndi& undi = open({.refuses = true});
    undi.lies.loses_itself = true;
    send_in_the_end(frame(60));
    EXPECT_EQ(undi.state, State::Open);
}

TEST_F(UndiTest, KnowsAnEndOfReportsOfFramesSent) {
    FakeUndi& undi = open({.always_says_sent = true});
    for (unsigned i = 0; i < 3; ++i) send_in_the_end(frame(60, i));
    EXPECT_FALSE(link->receive());
    ASSERT_EQ(undi.sent.size(), 3u);
    for (unsigned i = 0; i < 3; ++i) EXPECT_EQ(undi.sent[i], frame(60, i));
}

TEST_F(UndiTest, SurvivesARomWhoseEveryAnswerIsRubbish) {
    rom({.rubbish = true});
    EXPECT_FALSE(start().ok());
    FakeUndi& undi = open();
    undi.lies.rubbish = true;
    for (unsigned i = 0; i < 30; ++i) {
        send_in_the_end(frame(1514, i));
        EXPECT_FALSE(link->receive());
    }
    link->close();
    ASSERT_TRUE(link->open().ok());
    EXPECT_EQ(link->state(), (net::LinkState{.up = true, .megabits = 4294}));
    link->close();
}

// A NIC that its own driver and the UNDI can both have.
class EitherTest : public UndiTest {
  protected:
    EitherTest() : nic_(make<FakeE1000>(FakeE1000::Model{
        .device = 0x100e, .chip = "82540EM", .eeprom = FakeE1000::Eeprom::Narrow})) {
        bus.plug(nic_, kSlot);
        EXPECT_TRUE(start(platform::PciAddress{kSlot}).ok());
    }
    ~EitherTest() override { link.reset(); }
    FakeE1000& nic_;
    FakeUndi& undi_ = rom();
};

TEST_F(EitherTest, UsesTheNativeDriver) {
    ASSERT_TRUE(link->open().ok());
    EXPECT_EQ(link->identity().driver, "e1000");
    EXPECT_NE(undi_.state, State::Open);
}

TEST_F(EitherTest, UsesTheUndiWhenTheNativeDriverFindsNoLink) {
    nic_.set_link(false);
    ASSERT_TRUE(link->open().ok());
    EXPECT_FALSE(link->state().up);
    host::advance(EitherLink::kLinkPatience);
    for (unsigned i = 0; i < 1000 && !link->state().up; ++i) host::advance(util::Duration::milliseconds(1));
    EXPECT_TRUE(link->state().up);
    EXPECT_EQ(link->identity().driver, "undi");
    EXPECT_EQ(undi_.state, State::Open);
}

TEST_F(EitherTest, UsesTheOneThatIsNamed) {
    EXPECT_TRUE(link->choose_driver("undi"));
    ASSERT_TRUE(link->open().ok());
    EXPECT_EQ(undi_.state, State::Open);
    link->close();
    EXPECT_TRUE(link->choose_driver("native"));
    nic_.set_link(false);
    ASSERT_TRUE(link->open().ok());
    host::advance(EitherLink::kLinkPatience * 2);
    EXPECT_FALSE(link->state().up);
    EXPECT_EQ(link->identity().driver, "e1000") << "it is forced: no link is no reason to change";
    EXPECT_FALSE(link->choose_driver("virtio-net"));
    EXPECT_TRUE(link->choose_driver(""));
}

TEST_F(UndiTest, TellsTheRomTheAddressThatItIsGiven) {
    net::MacAddress other{{0x52, 0x54, 0, 1, 2, 3}};
    for (const FakeUndi::Lies& lies : {FakeUndi::Lies{}, FakeUndi::Lies{.open_needs_close = true}, FakeUndi::Lies{.open_needs_start = true}}) {
        FakeUndi& undi = rom(lies);
        ASSERT_TRUE(start().ok());
        EXPECT_TRUE(link->set_address(other));
        EXPECT_EQ(link->address(), other);
        EXPECT_TRUE(link->open().ok());
        EXPECT_EQ(undi.station, other);
        link->close();
        EXPECT_TRUE(link->set_address(FakeUndi::kMac) && link->open().ok());
        EXPECT_EQ(undi.station, FakeUndi::kMac);
    }
}

TEST_F(UndiTest, DoesNotOpenWithAnAddressThatTheRomRefuses) {
    rom({.keeps_its_address = true});
    ASSERT_TRUE(start().ok());
    EXPECT_TRUE(link->set_address({{0x52, 0x54, 0, 1, 2, 3}}));
    EXPECT_FALSE(link->open().ok());
}

TEST_F(EitherTest, GivesTheAddressToBothDrivers) {
    net::MacAddress other{{0x52, 0x54, 0, 1, 2, 3}};
    EXPECT_TRUE(link->set_address(other));
    ASSERT_TRUE(link->open().ok());
    EXPECT_EQ(nic_.station(), other.octets);
    link->close();
    EXPECT_TRUE(link->choose_driver("undi") && link->open().ok());
    EXPECT_EQ(undi_.station, other);
    EXPECT_EQ(link->address(), other);
}

}  // namespace
