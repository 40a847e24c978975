// Finding the UNDI that an option ROM carries, and using it where nothing else drives a NIC.
#include "drivers/undi_rom.h"

#include "tests/unit/drivers/driver_fixture.h"
#include "tests/unit/drivers/fake_e1000.h"
#include "tests/unit/drivers/fake_undi.h"

namespace {

using namespace drivers;

struct RomSpace {
    std::vector<std::byte> bytes = std::vector<std::byte>(0x10000, std::byte{0xff});

    void put(std::size_t at, std::initializer_list<int> values) {
        for (int value : values) bytes[at++] = static_cast<std::byte>(value);
    }
    // A ROM of 4 KiB for 8086:1209 with an UNDI.
    void add(std::size_t at) {
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), 4096, std::byte{0});
        put(at, {0x55, 0xaa, 8});
        put(at + 0x16, {0x80, 0, 0x1c, 0});
        put(at + 0x1c, {'P', 'C', 'I', 'R', 0x86, 0x80, 0x09, 0x12, 0x1c, 0, 0x1c, 0, 3});
        put(at + 0x38, {0x29, 0x12, 0x30, 0x12, 0, 0});
        put(at + 0x80, {'U', 'N', 'D', 'I', 22, 0, 0, 0, 1, 2, 0xa4, 4, 0x10, 0x2f, 0x20, 0x2f, 0x12, 8, 'P', 'C', 'I', 'R'});
        fix_sum(at);
    }
    void fix_sum(std::size_t at) {
        unsigned sum = 0;
        bytes[at + 0x85] = {};
        for (std::size_t i = 0; i < 22; ++i) sum += std::to_integer<unsigned>(bytes[at + 0x80 + i]);
        bytes[at + 0x85] = static_cast<std::byte>(0u - sum);
    }
};

TEST(UndiRom, IsFoundByItsPciIdOrByItsDeviceList) {
    RomSpace space;
    space.add(0x3000);
    for (int device : {0x1209, 0x1229, 0x1230}) {
        auto rom = find_undi_rom(space.bytes, 0x8086, static_cast<std::uint16_t>(device));
        ASSERT_TRUE(rom) << device;
        EXPECT_EQ(rom->offset, 0x3000u);
        EXPECT_EQ(rom->loader, 0x4a4u);
        EXPECT_EQ(rom->data_size, 0x2f20u);
        EXPECT_EQ(rom->code_size, 0x0812u);
    }
    EXPECT_FALSE(find_undi_rom(space.bytes, 0x8086, 0x1231));
    EXPECT_FALSE(find_undi_rom(space.bytes, 0x8087, 0x1209));
}

TEST(UndiRom, IsPassedOverWhenItHasNoUndiOrADamagedOne) {
    for (auto spoil : {+[](RomSpace& space) { space.put(0x85, {1}); },                        // sum
                       +[](RomSpace& space) { space.put(0x80, {'X'}); space.fix_sum(0); },    // signature
                       +[](RomSpace& space) { space.put(0x92, {'I'}); space.fix_sum(0); },    // bus
                       +[](RomSpace& space) { space.put(0x84, {10}); space.fix_sum(0); },     // length
                       +[](RomSpace& space) { space.put(0x8a, {0, 0x20}); space.fix_sum(0); },  // the loader is beyond its end
                       +[](RomSpace& space) { space.put(0x16, {0xff, 0x0f}); },               // pointers beyond its end
                       +[](RomSpace& space) { space.put(0x18, {0xff, 0x0f}); },
                       +[](RomSpace& space) { space.put(0, {0}); }}) {
        RomSpace space;
        space.add(0);
        spoil(space);
        EXPECT_FALSE(find_undi_rom(space.bytes, 0x8086, 0x1209));
        space.add(0x8000);
        auto other = find_undi_rom(space.bytes, 0x8086, 0x1209);
        ASSERT_TRUE(other);
        EXPECT_EQ(other->offset, 0x8000u);
    }
}

using FindUndi = DriverFixture;

TEST_F(FindUndi, LoadsTheUndiOfTheFirstNicWhoseRomHasOneWhenNothingElseIsThere) {
    host::FakePciDevice& nic = make<FakeE1000>(FakeE1000::Model{.device = 0x1234, .chip = ""});
    bus.plug(nic, 0x0020);
    EXPECT_FALSE(find_boot_nic(kNoAddress));
    FakeUndi undi;
    host::set_pxe(nullptr);
    host::set_undi_rom({0x0020}, &undi);
    auto found = find_boot_nic(kNoAddress);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->address.busdevfn, 0x0020);
    EXPECT_TRUE(found->probe(pool).ok());
    host::set_undi_rom({}, nullptr);
}

TEST_F(FindUndi, LeavesRomsAloneWhereANativeDriverFindsItsNic) {
    bus.plug(make<FakeE1000>(FakeE1000::Model{.device = 0x100e, .chip = "82540EM", .eeprom = FakeE1000::Eeprom::Narrow}), 0x0018);
    bus.plug(make<FakeE1000>(FakeE1000::Model{.device = 0x1234, .chip = ""}), 0x0020);
    FakeUndi undi;
    host::set_pxe(nullptr);
    host::set_undi_rom({0x0020}, &undi);
    EXPECT_FALSE(find_boot_nic(kNoAddress)) << "the native NIC is net0";
    EXPECT_TRUE(platform::undi_entry().is_null());
    host::set_undi_rom({}, nullptr);
}

}  // namespace
