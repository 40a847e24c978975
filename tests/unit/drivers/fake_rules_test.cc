// The fakes notice what drivers must not do. What they do not notice, the driver tests do not test.
#include <platform/io.h>
#include <platform/pci.h>

#include "tests/unit/drivers/driver_fixture.h"
#include "tests/unit/drivers/fake_e1000.h"

namespace {

class FakeRules : public DriverFixture {
  protected:
    FakeE1000& nic = make<FakeE1000>(
        FakeE1000::Model{.device = 0x100e, .chip = "82540EM", .eeprom = FakeE1000::Eeprom::Narrow});
    platform::Mmio registers{0xfeb80000};
    void expect_violation(const std::string& part) {
        bool found = false;
        for (const std::string& what : host::take_violations()) found |= what.find(part) != what.npos;
        EXPECT_TRUE(found) << "not noticed: " << part;
    }
};

TEST_F(FakeRules, RegistersNeedMemoryDecoding) {
    bus.plug(nic, kSlot);
    registers.read32(8);
    expect_violation("nobody claims");
}

TEST_F(FakeRules, OnlyTheCommandRegisterIsWritten) {
    bus.plug(nic, kSlot);
    platform::pci_write32({kSlot}, 0x10, 0xffffffff);
    expect_violation("configuration space");
}

TEST_F(FakeRules, UnknownAndNarrowAccessesAreNoticed) {
    open(nic);
    registers.read32(0x0038);
    expect_violation("read of 4 bytes at 38");
    registers.write32(0x1000, 0);
    expect_violation("write of 4 bytes at 1000");
    registers.read8(0x0008);
    expect_violation("read of 1 bytes");
}

TEST_F(FakeRules, ReservedBitsAreNoticed) {
    open(nic);
    registers.write32(0x0100, 1u << 31);
    expect_violation("reserved bits 80000000 written to 100");
}

TEST_F(FakeRules, RingsAreNotChangedWhileTheyRun) {
    open(nic);
    registers.write32(0x2808, 4096);
    expect_violation("ring set up while it runs");
    registers.write32(0x3818, 64);
    expect_violation("tail beyond the ring");
}

TEST_F(FakeRules, ResetNeedsQuietFirst) {
    open(nic);
    registers.write32(0x0000, 1u << 26);
    expect_violation("reset while the rings run");
    registers.read32(0x0008);
    expect_violation("while the device resets");
    host::advance(util::Duration::milliseconds(1));
}

TEST_F(FakeRules, DmaStaysWithinLiveMemory) {
    EXPECT_TRUE(host::dma_at(0x1234, 4).empty());
    expect_violation("no DMA memory");
    auto memory = platform::dma_allocate(256, 16);
    std::uint64_t address = platform::bus_address(memory.data());
    EXPECT_EQ(host::dma_at(address + 200, 56).size(), 56u);
    EXPECT_TRUE(host::dma_at(address + 200, 57).empty());
    expect_violation("no DMA memory");
    platform::dma_free(memory);
    EXPECT_TRUE(host::dma_at(address, 1).empty());
    expect_violation("no DMA memory");
    int on_the_stack = 0;
    platform::bus_address(&on_the_stack);
    expect_violation("no DMA memory");
}

TEST_F(FakeRules, EnabledWithoutSetUpIsNoticed) {
    bus.plug(nic, kSlot);
    platform::pci_write16({kSlot}, 4, 2);
    registers.write32(0x0100, 2);
    expect_violation("receiver enabled without a ring");
    registers.write32(0x0400, 2);
    expect_violation("transmitter enabled without a ring");
}

}  // namespace
