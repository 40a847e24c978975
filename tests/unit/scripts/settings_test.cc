// Setting types, the tree of scopes, and where values come from.
#include <gtest/gtest.h>

#include "scripts/settings/dhcp_settings.h"
#include "scripts/settings/smbios_settings.h"
#include "tests/unit/scripts/test_system.h"

namespace scripts {
namespace {

using namespace std::string_view_literals;

std::string format(std::string_view type, std::string_view bytes) {
    util::String text;
    EXPECT_TRUE(format_setting(*parse_setting_type(type), bytes, text).ok());
    return std::string(text.view());
}

// Empty when the text does not fit the type.
std::string parse(std::string_view type, std::string_view text) {
    util::String bytes;
    return parse_setting(*parse_setting_type(type), text, bytes).ok() ? std::string(bytes.view()) : "";
}

TEST(SettingType, ShowsBytesInEveryForm) {
    EXPECT_EQ(format("string", "a b\0"sv), "a b");
    EXPECT_EQ(format("uristring", "HP / 50%~"), "HP%20%2F%2050%25~");
    EXPECT_EQ(format("hex", "\x52\x54\x00\xff"sv), "52:54:00:ff");
    EXPECT_EQ(format("hexhyp", "\x52\x54\x00"sv), "52-54-00");
    EXPECT_EQ(format("hexraw", "\x52\x54\x00"sv), "525400");
    EXPECT_EQ(format("ipv4", "\x0a\x00\x02\x0f\x01\x02\x03\x04"sv), "10.0.2.15");
    EXPECT_EQ(format("ipv4", "\x0a"sv), "");
    EXPECT_EQ(format("int8", "\xff"), "-1");
    EXPECT_EQ(format("int16", "\x01\x00"sv), "256");
    EXPECT_EQ(format("int32", "\x80\x00\x00\x00"sv), "-2147483648");
    EXPECT_EQ(format("uint8", "\x01\xff"sv), "0x1ff");
    EXPECT_EQ(format("int8", "\xff\xfe"sv), "-2");
    EXPECT_EQ(format("int16", "\xff"sv), "-1");
    EXPECT_EQ(format("uint32", "\xff"sv), "0xff");
    EXPECT_EQ(format("uint32", "\x52\x54\x00\x12\x34"sv), "");
    EXPECT_EQ(format("uint32", "\x00\x00\x00\x18"sv), "0x18");
    EXPECT_EQ(format("busdevfn", "\x00\x18"sv), "0000:00:03.0");
    EXPECT_EQ(format("base64", "foob"), "Zm9vYg==");
    EXPECT_EQ(format("base64", "foo"), "Zm9v");
    EXPECT_EQ(format("uuid", "0123456789abcdef"), "30313233-3435-3637-3839-616263646566");
    EXPECT_EQ(format("guid", "0123456789abcdef"), "33323130-3534-3736-3839-616263646566");
    EXPECT_EQ(format("dnssl", "\x03lab\x03lan\x00\x01x\x00"sv), "lab.lan x");
    EXPECT_EQ(format("dnssl", "\x40xx"sv), "");
    EXPECT_EQ(format("ipv6", "\xfe\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"sv),
              "fe80::1");
    EXPECT_EQ(format("ipv6", std::string(16, '\0')), "::");
    EXPECT_EQ(format("ipv6", "\0\1\0\0\0\0\0\1\0\0\0\0\0\0\0\0"sv), "1:0:0:1::");
    EXPECT_EQ(format("ipv6", "\0\1\0\0\0\2\0\3\0\4\0\5\0\6\0\7"sv), "1:0:2:3:4:5:6:7");
}

TEST(SettingType, ReadsWhatItShows) {
    EXPECT_EQ(parse("hex", "1b"), "\x1b");
    EXPECT_EQ(parse("hex", "0a:00:00:64"), "\x0a\x00\x00\x64"sv);
    EXPECT_EQ(parse("hexhyp", "52-54"), "RT");
    EXPECT_EQ(parse("hexraw", "5254"), "RT");
    EXPECT_EQ(parse("ipv4", "10.0.2.15"), "\x0a\x00\x02\x0f"sv);
    EXPECT_EQ(parse("int8", "-1"), "\xff");
    EXPECT_EQ(parse("uint16", "0x1234"), "\x12\x34");
    EXPECT_EQ(parse("int8", "010"), "\x08");
    EXPECT_EQ(parse("int8", "-0x10"), "\xf0");
    EXPECT_EQ(parse("base64", "Zm9vYg=="), "foob");
    EXPECT_EQ(parse("uristring", "a%20b%2Fc"), "a b/c");
    for (std::string_view address : {"::", "::1", "1::", "fe80::1", "1:0:0:1::", "1:2:3:4:5:6:7:8", "2001:db8::8:800:200c:417a"})
        EXPECT_EQ(format("ipv6", parse("ipv6", address)), address);
    EXPECT_EQ(parse("uuid", "30313233-3435-3637-3839-616263646566"), "0123456789abcdef");
    EXPECT_EQ(parse("guid", "33323130-3534-3736-3839-616263646566"), "0123456789abcdef");
    EXPECT_EQ(parse("dnssl", "lab.lan x"), "\x03lab\x03lan\x00\x01x\x00"sv);
}

TEST(SettingType, RefusesWhatDoesNotFit) {
    EXPECT_EQ(parse("hex", "zz"), "");
    EXPECT_EQ(parse("ipv4", "10.0.2"), "");
    EXPECT_EQ(parse("int8", "128"), "");
    EXPECT_EQ(parse("int8", "-129"), "");
    EXPECT_EQ(parse("uint8", "256"), "");
    EXPECT_EQ(parse("uint32", "4294967296"), "");
    EXPECT_EQ(parse("uint32", "x"), "");
    EXPECT_EQ(parse("uint32", "08"), "");
    for (std::string_view address : {"", ":", "1", "1:2", ":1", "1:", "1:::2", "1::2::3", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "::1:"})
        EXPECT_EQ(parse("ipv6", address), "");
    EXPECT_EQ(parse("busdevfn", "0000:00:03.0"), "");
    EXPECT_EQ(parse("base64", "!"), "");
    EXPECT_EQ(parse("uuid", "1234"), "");
    EXPECT_FALSE(parse_setting_type("hexfoo"));
}

struct FakeScope : SettingScope {
    FakeScope(std::string_view name, std::string_view setting, std::string_view bytes, bool interface = false)
        : SettingScope(name), setting(setting), bytes(bytes), interface(interface) {}
    bool is_interface() const override { return interface; }
    util::Result<bool> fetch(const SettingReference& reference, SettingValue& value) override {
        if (reference.name != setting) return false;
        TRY(value.bytes.append(bytes));
        return true;
    }
    util::Result<void> changed(const SettingReference& reference) override {
        changes += std::string(reference.name) + " ";
        return {};
    }
    std::string setting, bytes, changes;
    bool interface;
};

struct SettingsTree : testing::Test {
    Settings settings;
    std::string text(std::string_view name) { return std::string(settings.text(name).view()); }
    util::Result<void> set(std::string_view name, std::string_view value) {
        return settings.set(TRY(SettingReference::parse(name)), value);
    }
};

TEST_F(SettingsTree, KeepsTypedInValuesWithTheirTypes) {
    ASSERT_TRUE(set("esc:hex", "1b").ok());
    EXPECT_EQ(text("esc"), "1b");
    EXPECT_EQ(text("esc:string"), "\x1b");
    ASSERT_TRUE(set("ip", "10.0.0.1").ok());
    EXPECT_EQ(text("ip:hex"), "0a:00:00:01");
    EXPECT_EQ(&set("ip", "ten").failure(), &kBadSettingValue);
    EXPECT_EQ(&set("x:nope", "1").failure(), &kBadSettingType);
    EXPECT_EQ(&set("/:hex", "1").failure(), &kBadSettingName);
    EXPECT_EQ(&set("netX/x", "1").failure(), &kNoSuchScope);
    ASSERT_TRUE(set("esc", "").ok());
    EXPECT_EQ(text("esc"), "");
}

TEST_F(SettingsTree, KnowsOptionsByNumberAndName) {
    ASSERT_TRUE(set("17", "iscsi:x").ok());
    EXPECT_EQ(text("root-path"), "iscsi:x");
    ASSERT_TRUE(set("keep-san", "1").ok());
    EXPECT_EQ(text("175.8"), "1");
    EXPECT_EQ(text("175.8:uint8"), "0x1");
}

TEST_F(SettingsTree, LooksThroughScopesInOrderOfPrecedence) {
    FakeScope net0("net0", "mac", "A", true), net1("net1", "mac", "B", true),
        lease("net1.dhcp", "filename", "f");
    settings.add(net0);
    settings.add(net1);
    settings.add(lease);
    EXPECT_EQ(text("mac"), "41");
    EXPECT_EQ(text("netX/mac"), "41");
    EXPECT_EQ(text("net1/mac"), "42");
    EXPECT_EQ(text("filename"), "f");
    EXPECT_EQ(text("net1/filename"), "f");
    EXPECT_EQ(text("net0/filename"), "");
    EXPECT_EQ(text("net1.dhcp/filename"), "f");
    settings.prefer("net1");
    EXPECT_EQ(text("mac"), "42");
    EXPECT_EQ(text("netX/mac"), "42");
    EXPECT_EQ(text("dhcp/filename"), "f");
    ASSERT_TRUE(set("filename", "mine").ok());
    EXPECT_EQ(text("filename"), "mine");
    EXPECT_EQ(text("net1/filename"), "f");
}

TEST_F(SettingsTree, TellsTheScopeWhatWasSetInIt) {
    FakeScope net0("net0", "mac", "A", true);
    settings.add(net0);
    ASSERT_TRUE(set("netX/ip", "10.0.0.1").ok());
    ASSERT_TRUE(set("net0/ip", "").ok());
    EXPECT_EQ(net0.changes, "ip ip ");
}

TEST_F(SettingsTree, IsLookedThroughScopeByScope) {
    FakeScope net0("net0", "mac", "A", true), lease("net0.dhcp", "filename", "f"), net1("net1", "mac", "B", true);
    settings.add(net0);
    settings.add(lease);
    settings.add(net1);
    auto below = [&](std::string_view parent) {
        std::string names;
        settings.each_scope_below(parent, [&](SettingScope& scope) { names += std::string(scope.name()) + " "; });
        return names;
    };
    EXPECT_EQ(below(""), "net0 net1 ");
    EXPECT_EQ(below("net0"), "net0.dhcp ");
    EXPECT_EQ(below("net0.dhcp"), "");

    ASSERT_TRUE(set("mine", "1").ok());
    ASSERT_TRUE(set("net0/own", "2").ok());
    ASSERT_TRUE(set("net0/ip", "10.0.0.1").ok());
    auto settings_of = [&](std::string_view scope) {
        std::string names;
        EXPECT_TRUE(settings.each_setting(scope, [&](const SettingReference& reference, const SettingValue& value) {
            names += std::string(value.scope.view()) + "/" + std::string(reference.name) + " ";
            return util::Result<void>();
        }).ok());
        return names;
    };
    EXPECT_EQ(settings_of(""), "net0.dhcp/filename net0/ip net0/mac /mine ");
    EXPECT_EQ(settings_of("net0"), "net0.dhcp/filename net0/ip net0/mac net0/own ");
    EXPECT_EQ(settings_of("net0.dhcp"), "net0.dhcp/filename ");
}

TEST_F(SettingsTree, MakesScopesThatAreSetIn) {
    EXPECT_EQ(text("mine/colour"), "");
    ASSERT_TRUE(set("mine/colour", "blue").ok());
    ASSERT_TRUE(set("mine/size:int8", "3").ok());
    EXPECT_EQ(text("mine/colour"), "blue");
    EXPECT_EQ(text("colour"), "blue");
    ASSERT_TRUE(set("mine/colour", "").ok());
    EXPECT_EQ(text("mine/colour"), "");
    EXPECT_EQ(&set("a-name-of-more-than-20-letters/x", "1").failure(), &kNoSuchScope);
    for (unsigned i = 1; i < Settings::kMostScopes; ++i) ASSERT_TRUE(set("s" + std::to_string(i) + "/x", "1").ok());
    EXPECT_EQ(&set("one-more/x", "1").failure(), &kSettingsFull);
}

TEST_F(SettingsTree, HoldsOnlySoMuch) {
    EXPECT_EQ(&set("x", std::string(Settings::kLongestValue + 1, 'x')).failure(), &kSettingsFull);
    for (unsigned i = 0; i < Settings::kMostValues; ++i) ASSERT_TRUE(set("a" + std::to_string(i), "1").ok());
    EXPECT_EQ(&set("one-more", "1").failure(), &kSettingsFull);
}

TEST(SmbiosScope, FindsNamedAndNumberedFields) {
    constexpr auto table =
        "\x00\x04\x00\x00\x00\x00"
        "\x01\x1b\x01\x00\x01\x02\x00\x03"
        "\x33\x22\x11\x00\x55\x44\x77\x66\x88\x99\xaa\xbb\xcc\xdd\xee\xff\x06\x00\x00"
        "QEMU\0Standard PC \0S1\0\0"
        "\x02\x08\x02\x00\x01\x00\x00\x02" "Board\0B7\0\0"
        "\x7f\x04\x00\x00\x00\x00"sv;
    SmbiosScope smbios(util::as_bytes(table));
    Settings settings;
    settings.add(smbios);
    EXPECT_EQ(settings.text("manufacturer").view(), "QEMU");
    EXPECT_EQ(settings.text("smbios/product").view(), "Standard PC");
    EXPECT_EQ(settings.text("serial").view(), "S1");
    EXPECT_EQ(settings.text("board-serial").view(), "B7");
    EXPECT_EQ(settings.text("asset").view(), "");
    EXPECT_EQ(settings.text("uuid").view(), "00112233-4455-6677-8899-aabbccddeeff");
    EXPECT_EQ(settings.text("smbios/1.5.0").view(), "Standard PC");
    EXPECT_EQ(settings.text("smbios/1.24.1").view(), "06");
    EXPECT_EQ(settings.text("smbios/1.24.2").view(), "06:00");
    EXPECT_EQ(settings.text("smbios/1.24.2:uint16").view(), "0x600");
    EXPECT_EQ(settings.text("smbios/1.90.1").view(), "");
    EXPECT_EQ(settings.text("1.5.0").view(), "");
}

TEST(SmbiosScope, TellsStructuresOfOneTypeApart) {
    constexpr auto table =
        "\x11\x05\x00\x00\x01" "A0\0\0"
        "\x11\x05\x01\x00\x01" "A1\0\0"
        "\x7f\x04\x00\x00\x00\x00"sv;
    SmbiosScope smbios(util::as_bytes(table));
    Settings settings;
    settings.add(smbios);
    EXPECT_EQ(settings.text("smbios/17.4.0").view(), "A0");
    EXPECT_EQ(settings.text("smbios/0.17.4.0").view(), "A0");
    EXPECT_EQ(settings.text("smbios/1.0x11.4.0").view(), "A1");
    EXPECT_EQ(settings.text("smbios/2.17.4.0").view(), "");
    EXPECT_EQ(settings.text("smbios/17.4").view(), "");
    EXPECT_EQ(settings.text("smbios/0.0.17.4.0").view(), "");
}

TEST(SmbiosScope, EndsAtTablesThatAreCutOff) {
    constexpr auto table = "\x01\x1b\x01\x00\x01\x02\x00\x03"sv;
    for (std::size_t size = 0; size <= table.size(); ++size) {
        SmbiosScope smbios(util::as_bytes(table.substr(0, size)));
        Settings settings;
        settings.add(smbios);
        EXPECT_EQ(settings.text("manufacturer").view(), "");
    }
}

TEST(SettingCommands, ShowSetClearAndCount) {
    TestSystem test;
    System& system = test.system;
    test.start();
    auto run = [&](std::string_view line) {
        host::console_output().clear();
        auto status = system.engine.run_line(line);
        return status.ok() ? host::console_output() : std::string(system.engine.last_error());
    };
    EXPECT_EQ(run("set x several words here && show x"), "x:string = several words here\n");
    EXPECT_EQ(run("clear x && show x"), "show x: not set");
    EXPECT_EQ(run("set i 9 && inc i && show i"), "i:string = 10\n");
    EXPECT_EQ(run("set i:int8 9 && inc i -10 && show i"), "i:int8 = -1\n");
    EXPECT_EQ(run("inc fresh && inc fresh 0x10 && show fresh"), "fresh:int32 = 17\n");
    EXPECT_EQ(run("set i:uint8 255 && inc i"), "inc i: the value does not fit the setting's type");
    EXPECT_EQ(run("set i words && inc i"), "inc i: it is not a number");
    EXPECT_EQ(run("set x:foo 1"), "set x:foo: no such setting type");
}

}  // namespace
}  // namespace scripts
