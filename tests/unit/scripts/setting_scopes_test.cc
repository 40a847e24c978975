// Settings that are worked out when they are asked for: "${features/...}", "${pci/...}", "${cwuri}"; and the table of settings itself.
#include <gtest/gtest.h>

#include "embed/embed.h"
#include "scripts/settings/scope_table.h"
#include "tests/host/memory.h"
#include "tests/unit/scripts/test_system.h"

namespace scripts {
namespace {

struct Scopes : testing::Test {
    Scopes() {
        host::reset();
        test.start();
    }
    std::string text(std::string_view name) { return std::string(test.system.settings.text(name).view()); }
    TestSystem test;
};

TEST_F(Scopes, TellWhatTheImageHas) {
    EXPECT_EQ(text("features/menus"), "feature");
    EXPECT_EQ(text("features/ping"), "command");
    EXPECT_EQ(text("features/tftp"), "scheme");
    EXPECT_EQ(text("features/iscsi"), "scheme");
    EXPECT_EQ(text("features/bzimage"), "format");
    EXPECT_EQ(text("features/nfs"), "");
    EXPECT_EQ(text("features/"), "");
    EXPECT_EQ(text("menus"), "");
}

TEST(FeaturesScope, KnowsTheDriversThatThereAre) {
    TestSystem test;
    auto parts = test.system.parts;
    System with_drivers({.loop = parts.loop, .stack = parts.stack, .connector = parts.connector, .datagrams = parts.datagrams,
                         .random = parts.random, .drives = parts.drives,
                         .has_driver = [](std::string_view name) { return name == "e1000"; }});
    EXPECT_EQ(with_drivers.settings.text("features/e1000").view(), "driver");
    EXPECT_EQ(with_drivers.settings.text("features/rtl8139").view(), "");
}

TEST(PciScope, ShowsRegistersAsNumbers) {
    TestSystem test;
    auto parts = test.system.parts;
    System with_pci({.loop = parts.loop, .stack = parts.stack, .connector = parts.connector, .datagrams = parts.datagrams,
                     .random = parts.random, .drives = parts.drives,
                     .read_pci = [](std::uint16_t location, std::uint8_t offset) { return static_cast<std::uint8_t>(location + offset); }});
    auto text = [&](std::string_view name) { return std::string(with_pci.settings.text(name).view()); };
    EXPECT_EQ(text("pci/0x18.0.2"), "1918");
    EXPECT_EQ(text("pci/24.2.2:uint16"), "0x1b1a");
    EXPECT_EQ(text("pci/0x18.0.8"), "1f1e1d1c1b1a1918");
    EXPECT_EQ(text("pci/0x18.255.1"), "17");
    for (const char* wrong : {"pci/0x18.255.2", "pci/0x18.0.0", "pci/0x18.0", "pci/0x18.0.2.1", "pci/65536.0.2", "pci/x.0.2", "pci/", "24.0.2"})
        EXPECT_EQ(text(wrong), "") << wrong;
    EXPECT_EQ(test.system.settings.text("pci/0x18.0.2").view(), "");  // no PCI
}

TEST_F(Scopes, AskTheProcessor) {
    auto word = [](const char* letters) {
        util::Le32 value;
        std::memcpy(&value, letters, 4);
        return value.get();
    };
    EXPECT_EQ(text("cpuvendor"), "");
    EXPECT_EQ(text("cpumodel"), "");
    EXPECT_EQ(text("cpuid/0.0"), "");
    host::machine().cpuid[0] = {0x0d, word("Genu"), word("ntel"), word("ineI")};
    host::machine().cpuid[0x80000002] = {word("  Th"), word("e Be"), word("st P"), word("roce")};
    host::machine().cpuid[0x80000003] = {word("ssor"), 0, 0, 0};
    EXPECT_EQ(text("cpuvendor"), "GenuineIntel");
    EXPECT_EQ(text("cpumodel"), "The Best Processor");
    EXPECT_EQ(text("cpuid/0.0"), "0000000d");
    EXPECT_EQ(text("cpuid/0.0:uint32"), "0xd");
    EXPECT_EQ(text("cpuid/1.0:string"), "Genu");
    EXPECT_EQ(text("cpuid/4.0"), "");
    EXPECT_EQ(text("cpuid/0"), "");
}

TEST_F(Scopes, AskTheProcessorForTheSubfunctionsOfALeaf) {
    host::machine().cpuid[4] = {0x121, 0, 0, 1};
    host::machine().cpuid[std::uint64_t{3} << 32 | 4] = {0x163, 0x3c0003f, 0, 6};
    EXPECT_EQ(text("cpuid/0.4:uint32"), "0x121");
    EXPECT_EQ(text("cpuid/0.0x40.0.4:uint32"), "0x121");
    EXPECT_EQ(text("cpuid/3.0x40.0.4:uint32"), "0x163");
    EXPECT_EQ(text("cpuid/3.0x40.3.4:uint32"), "0x6");
    for (const char* wrong : {"cpuid/2.0x40.0.4", "cpuid/3.0x41.0.4", "cpuid/3.0x40.4.4", "cpuid/3.0x40.4", "cpuid/1.3.0x40.0.4"})
        EXPECT_EQ(text(wrong), "") << wrong;
}

TEST_F(Scopes, TellWhereRamIs) {
    host::memory().map = {{0u, 0x9d800u, platform::kRam}, {0x9d800u, 0x2800u, 2u}, {0x100000u, 0x7f00000u, platform::kRam},
                          {std::uint64_t{5} << 32, 0x100000000u, platform::kRam}};
    EXPECT_EQ(text("memmap/0.1.0"), "0x0");
    EXPECT_EQ(text("memmap/0.2.10:int32"), "630");
    EXPECT_EQ(text("memmap/1.1.0"), "0x100000");
    EXPECT_EQ(text("memmap/1.3.20:int32"), "128");
    EXPECT_EQ(text("memmap/2.1.0"), "0000000500000000");
    EXPECT_EQ(text("memmap/2.3.30:int32"), "24");
    for (const char* wrong : {"memmap/3.1.0", "memmap/0.0.0", "memmap/0.4.0", "memmap/0.1.64", "memmap/0.1"}) EXPECT_EQ(text(wrong), "") << wrong;
    host::memory() = {};
}

TEST_F(Scopes, ReadAcpiTables) {
    using namespace std::string_view_literals;
    host::machine().acpi = {std::string("APIC\x08\0\0\0ab"sv), "SSDTfirst", "SSDTother"};
    EXPECT_EQ(text("acpi/APIC.0.0.4:string"), "APIC");
    EXPECT_EQ(text("acpi/0x41504943.0.4.4:uint32"), "0x8");
    EXPECT_EQ(text("acpi/APIC.0.4.4"), "08000000");
    EXPECT_EQ(text("acpi/APIC.0.8.0"), "6162");
    EXPECT_EQ(text("acpi/SSDT.1.4.0:string"), "other");
    for (const char* wrong : {"acpi/SSDT.2.0.0", "acpi/APIC.0.10.0", "acpi/APIC.0.9.2", "acpi/APIC.0.4294967295.1", "acpi/APIC.0.1", "acpi/API.0.0.0", "acpi/"})
        EXPECT_EQ(text(wrong), "") << wrong;
}

TEST_F(Scopes, TellWhatFirmwareThisIs) {
    EXPECT_EQ(text("buildarch"), "i386");
    EXPECT_EQ(text("version"), std::string(embed::kVersion));
    EXPECT_EQ(text("builtin/version"), std::string(embed::kVersion));
}

TEST_F(Scopes, ShowTheTextScreen) {
    std::memcpy(platform::memory_at(0xb8000), "H\7i\7", 4);
    std::string screen = text("vram");
    EXPECT_EQ(screen.size(), (80 * 25 * 2 + 2) / 3 * 4u);
    EXPECT_TRUE(screen.starts_with("SAdpB")) << screen.substr(0, 8);
    EXPECT_TRUE(text("vram:string").starts_with("H\7i\7"));
}

// Certificates by their DHCP numbers, in the forms that scripts give them.
TEST_F(Scopes, KeepWhatScriptsSayOfCertificates) {
    EXPECT_EQ(test.output("#!ipxe\nset cert 30:82\nset privkey 30:83\nset trust 01:02\nset crosscert http://10.0.2.2/auto\nset san-filename \\boot.efi\n"
                          "echo ${175.91} ${175.92:hexraw} ${175.90}\nshow crosscert\nshow san-filename\nclear cert\nisset ${cert} || echo gone"),
              "30:82 3083 01:02\ncrosscert:string = http://10.0.2.2/auto\nsan-filename:string = \\boot.efi\ngone\n");
}

TEST_F(Scopes, TellTheTime) {
    host::set_clock_chip(1700000000);
    EXPECT_EQ(text("unixtime:int32"), "1700000000");
    host::advance(util::Duration::seconds(3));
    EXPECT_EQ(text("unixtime"), "0x6553f103");
    test.system.wall_clock.set(1800000000);
    EXPECT_EQ(text("unixtime:int32"), "1800000000");
}

TEST_F(Scopes, HoldNothing) {
    EXPECT_EQ(&test.system.settings.set(SettingReference::parse("pci/24.0.2").value(), "1").failure(), &kNoSuchScope);
}

TEST(CurrentUri, IsThatOfTheRunningScript) {
    TestSystem test;
    test.start();
    auto run = [&](std::string_view uri) {
        util::Vector<std::byte> bytes;
        for (char c : std::string_view("#!ipxe\necho ${cwuri} ${cwduri}\n")) (void)bytes.push(static_cast<std::byte>(c));
        host::console_output().clear();
        EXPECT_TRUE(test.system.engine.run_script(*test.system.images.add("s", uri, std::move(bytes)).take()).ok());
        return host::console_output();
    };
    EXPECT_EQ(run("http://10.0.2.2/a/boot.ipxe?x=/1#2"), "http://10.0.2.2/a/boot.ipxe?x=/1#2 http://10.0.2.2/a/\n");
    EXPECT_EQ(run("tftp://10.0.2.2/boot.ipxe"), "tftp://10.0.2.2/boot.ipxe tftp://10.0.2.2/\n");
    EXPECT_EQ(run(""), " \n");
}

TEST(SettingTable, IsCompleteInEachRow) {
    for (const NamedSetting& row : named_settings()) {
        std::string_view help = row.help, number = row.number;
        EXPECT_FALSE(help.empty()) << row.name;
        EXPECT_FALSE(help.ends_with('.')) << row.name;
        EXPECT_EQ(find_named_setting(row.name), &row);
        EXPECT_EQ(parse_setting_type(to_text(row.type)), row.type) << row.name;
        if (row.home == SettingHome::Any && !number.empty()) {
            EXPECT_EQ(find_named_setting(number), &row);
        }
        if (row.home == SettingHome::Smbios) {
            EXPECT_EQ(std::count(number.begin(), number.end(), '.'), 2) << row.name;
        }
        if (row.live) {
            EXPECT_TRUE(row.home == SettingHome::Builtin || row.home == SettingHome::Interface) << row.name;
        }
    }
}

// A value that each type takes.
std::string_view example(SettingType type) {
    switch (type) {
        case SettingType::Ipv4: return "10.0.0.1";
        case SettingType::Ipv6: return "fe80::1";
        case SettingType::Hex: return "01:02";
        case SettingType::Base64: return "Zm9v";
        case SettingType::Uuid: return "00112233-4455-6677-8899-aabbccddeeff";
        case SettingType::String: return "text";
        case SettingType::Uint8:
        case SettingType::Uint32: return "0x7";
        default: return "7";
    }
}

TEST_F(Scopes, TakeAValueForEverySettingOfTheTable) {
    for (const NamedSetting& row : named_settings()) {
        auto reference = SettingReference::parse(row.name).value();
        ASSERT_TRUE(test.system.settings.set(reference, example(row.type)).ok()) << row.name;
        EXPECT_EQ(text(row.name), example(row.type)) << row.name;
        ASSERT_TRUE(test.system.settings.clear(reference).ok());
    }
}

TEST_F(Scopes, AreSortedAndExplained) {
    std::string_view last;
    for (const ScopeRow& row : scope_rows()) {
        EXPECT_LT(last, std::string_view(row.name));
        EXPECT_TRUE(std::string_view(row.help).starts_with('<')) << row.name;
        EXPECT_EQ(find_scope_row(row.name), &row);
        last = row.name;
    }
}

}  // namespace
}  // namespace scripts
