// The table of chips, choosing from it, and finding NICs on the bus.
#include "drivers/drivers.h"

#include <algorithm>
#include <set>

#include "drivers/selection.h"
#include "tests/unit/drivers/driver_fixture.h"
#include "tests/unit/drivers/fake_e1000.h"
#include "tests/unit/drivers/fake_virtio_net.h"

namespace {

using namespace drivers;

std::set<std::string> drivers_of(std::string_view selection) {
    std::set<std::string> names;
    for (const Chip& chip : kChips)
        if (selects(selection, chip)) names.emplace(chip.driver);
    return names;
}

std::size_t count_of(std::string_view selection) {
    return static_cast<std::size_t>(
        std::ranges::count_if(kChips, [&](const Chip& chip) { return selects(selection, chip); }));
}

TEST(Selection, NamesADriverWithAllItsChips) {
    EXPECT_EQ(drivers_of("e1000"), std::set<std::string>{"e1000"});
    EXPECT_GT(count_of("e1000"), 10u);
    EXPECT_EQ(drivers_of("e1000e"), std::set<std::string>{"e1000e"});
    EXPECT_EQ(count_of("virtio-net"), 2u);
}

TEST(Selection, NamesOneChipByItsPciId) {
    EXPECT_EQ(count_of("8086100e"), 1u);
    EXPECT_EQ(drivers_of("808610d3"), std::set<std::string>{"e1000e"});
}

TEST(Selection, JoinsSeveral) {
    EXPECT_EQ(drivers_of("e1000--virtio-net"), (std::set<std::string>{"e1000", "virtio-net"}));
    EXPECT_EQ(count_of("8086100e--1af41041"), 2u);
}

TEST(Selection, KnowsTheNamesThatPeopleType) {
    EXPECT_EQ(drivers_of("virtio"), std::set<std::string>{"virtio-net"});
    EXPECT_EQ(drivers_of("intel"), (std::set<std::string>{"e1000", "e1000e", "igb"}));
    EXPECT_EQ(drivers_of("undionly"), std::set<std::string>{"undi"});
    EXPECT_EQ(count_of("sanpiper"), std::size(kChips) - 1) << "every chip, but not the UNDI";
}

TEST(Selection, RefusesWhatIsNotThere) {
    for (std::string_view good : {"e1000", "8086100e", "e1000--virtio", "sanpiper"})
        EXPECT_TRUE(is_selection(good, kChips)) << good;
    for (std::string_view bad :
         {"", "e100", "8086", "8086100E", "ffffffff", "e1000--", "--e1000", "e1000--what"})
        EXPECT_FALSE(is_selection(bad, kChips)) << bad;
    EXPECT_TRUE(is_selection("8086abcd--undi", kChips)) << "any card whose ROM has an UNDI";
    EXPECT_FALSE(is_selection("8086abcg--undi", kChips));
}

TEST(DriverTable, HasEveryChipWithItsCode) {
    EXPECT_EQ(selected().size(), std::size(kChips)) << "the host has all drivers";
    for (const DriverEntry& entry : selected()) {
        EXPECT_NE(entry.probe, nullptr);
        EXPECT_EQ(find_driver(entry.chip.vendor, entry.chip.device), &entry);
    }
    EXPECT_EQ(find_driver(0x8086, 0x1237), nullptr);
}

// A chip set, which nobody drives.
class Bridge final : public host::FakePciDevice {
  public:
    Bridge() : FakePciDevice(0x8086, 0x1237) {}
    std::uint32_t read_window(unsigned, std::uint32_t, unsigned) override { return 0; }
    void write_window(unsigned, std::uint32_t, unsigned, std::uint32_t) override {}
};

using FindNic = DriverFixture;

TEST_F(FindNic, WalksTheBusInOrderAndSkipsOthers) {
    FakeE1000::Model intel{.device = 0x100e, .chip = "82540EM", .eeprom = FakeE1000::Eeprom::Narrow};
    bus.plug(make<Bridge>(), 0x0000);
    bus.plug(make<FakeE1000>(intel), 0x0020);
    bus.plug(make<FakeVirtioNet>(FakeVirtioNet::Model{.name = "", .legacy = true}), 0x0018);
    bus.plug(make<Bridge>(), 0x0100);
    bus.plug(make<FakeE1000>(intel), 0xffff);
    std::vector<std::uint16_t> found;
    for (auto nic = find_nic({}); nic; nic = find_next_nic(*nic)) found.push_back(nic->address.busdevfn);
    EXPECT_EQ(found, (std::vector<std::uint16_t>{0x0018, 0x0020, 0xffff}));
}

TEST_F(FindNic, FindsNothingOnABusWithoutNics) {
    EXPECT_FALSE(find_nic({}).has_value());
    bus.plug(make<Bridge>(), 0xffff);
    EXPECT_FALSE(find_nic({}).has_value());
}

}  // namespace
