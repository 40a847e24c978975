// The settings browser, as a person sees and uses it.
#include <platform/console.h>

#include "scripts/line_buffer.h"
#include "tests/host/screen_picture.h"
#include "tests/unit/scripts/test_system.h"
#include "tests/unit/scripts/test_wire.h"

namespace scripts {
namespace {

using namespace platform;

struct Browser : testing::Test, TestSystem {
    Browser() { EXPECT_TRUE(stack.add(server.end()).ok()); }
    ~Browser() override { unplug(); }
    TestServer server{loop, random, {{0x52, 0x54, 0, 0x12, 0x34, 0x56}}, 0x18};

    std::string setting(std::string_view name) { return std::string(system.settings.text(name).view()); }
    // What is seen in the end.
    host::ScreenPicture browse(std::initializer_list<int> keys, std::string_view scope = "") {
        for (int key : keys) host::type_key(key);
        host::type_key(control('X'));
        EXPECT_TRUE(run("#!ipxe\nconfig " + std::string(scope)).ok()) << host::console_output();
        return host::ScreenPicture(host::console_output()).before_clearing();
    }
    static unsigned row_of(const host::ScreenPicture& picture, std::string_view begin) {
        for (unsigned row = 1; row <= host::ScreenPicture::kRows; ++row)
            if (picture.line(row).substr(0, begin.size() + 2) == "  " + std::string(begin)) return row;
        return 0;
    }
};

TEST_F(Browser, ShowsScopesThenSettingsWithTypesAndValues) {
    start();
    system.settings.put("asset", "A-1");
    auto picture = browse({});
    EXPECT_NE(picture.line(2).find("   Settings"), std::string::npos);
    EXPECT_NE(row_of(picture, "net0/"), 0u) << picture.text();
    unsigned asset = row_of(picture, "asset:string ");
    ASSERT_NE(asset, 0u) << picture.text();
    EXPECT_NE(picture.line(asset).find(". A-1"), std::string::npos);
    EXPECT_NE(picture.line(asset + 1).find("<not specified>"), std::string::npos);
    EXPECT_EQ(picture.background(4, 10), 1u);  // the first is selected
    EXPECT_NE(picture.line(24).find("Ctrl-X"), std::string::npos);
}

TEST_F(Browser, OpensAScopeAndGoesBack) {
    auto picture = browse({'\r'}, "");
    EXPECT_NE(picture.line(2).find("Settings of net0"), std::string::npos) << picture.text();
    EXPECT_EQ(picture.line(4), "  ../");
    EXPECT_NE(row_of(picture, "net0.dhcp/"), 0u);
    EXPECT_EQ(browse({'\r', kKeyDown, '\r'}).line(2).find("Settings of net0.dhcp") == std::string::npos, false);
    picture = browse({'\r', kKeyDown, '\r', '\r', '\r'});
    EXPECT_EQ(picture.line(2).find("of"), std::string::npos) << picture.text();
    EXPECT_NE(browse({}, "netX").line(2).find("Settings of net0"), std::string::npos);
    EXPECT_FALSE(run("#!ipxe\nconfig net9").ok());
    EXPECT_NE(host::console_output().find("config net9: there is no such settings scope"), std::string::npos);
}

// The last lines of the root are what was typed in and has no row in the table.
TEST_F(Browser, EditsAndDeletes) {
    start();
    system.settings.put("my-own", "abc");
    auto picture = browse({kKeyEnd, '\r', kKeyHome, 'x', '\r'});
    EXPECT_EQ(setting("my-own"), "xabc");
    EXPECT_NE(picture.line(row_of(picture, "my-own:string")).find(" xabc"), std::string::npos) << picture.text();
    browse({kKeyEnd, '\r', 'y', 0x1b});
    EXPECT_EQ(setting("my-own"), "xabc");
    browse({kKeyEnd, '\r', 'y', kCtrlC});
    EXPECT_EQ(setting("my-own"), "xabc");
    picture = browse({kKeyEnd, control('D')});
    EXPECT_EQ(setting("my-own"), "");
    EXPECT_EQ(row_of(picture, "my-own"), 0u);
}

TEST_F(Browser, EditsByCharacters) {
    start();
    system.settings.put("my-own", "a\u00fcb");
    auto picture = browse({kKeyEnd, '\r', kKeyLeft, 8, 0xc3, 0xb6, kKeyRight, 'x', '\r'});
    EXPECT_EQ(setting("my-own"), "a\u00f6bx");
    EXPECT_NE(picture.line(row_of(picture, "my-own:string")).find(" aobx"), std::string::npos) << picture.text();
}

TEST_F(Browser, AddsASettingOfOnesOwn) {
    start();
    host::type_key(control('N'));
    host::type("server:ipv4\r10.0.0.7\r");
    auto picture = browse({kKeyEnd});
    EXPECT_EQ(setting("server:hexhyp"), "0a-00-00-07");
    EXPECT_NE(picture.line(row_of(picture, "server:ipv4")).find(" 10.0.0.7"), std::string::npos) << picture.text();
    // Escape at the value leaves everything as it was; in a scope it is that scope's; what does not fit is said.
    for (const char* keys : {"other\r7\x1b", "other:ipv4\r7\r", "\r7\r"}) {
        host::type_key(control('N'));
        host::type(keys);
    }
    picture = browse({});
    EXPECT_EQ(setting("other"), "");
    EXPECT_EQ(picture.line(23), std::string("  ") + kBadSettingName.text);
    host::type_key(control('N'));
    host::type("mine\r7\r");
    browse({}, "net0");
    EXPECT_EQ(setting("net0/mine"), "7");
    EXPECT_EQ(setting("netX/mine"), "7");
}

TEST_F(Browser, FillsLargerScreens) {
    start();
    host::set_console_size({120, 40});
    host::type_key(kKeyPageDown);
    host::type_key(control('X'));
    EXPECT_TRUE(run("#!ipxe\nset zz " + std::string(200, 'x') + "\nconfig").ok());
    auto picture = host::ScreenPicture(host::console_output(), 120, 40).before_clearing();
    EXPECT_EQ(picture.row(), 37u);
    EXPECT_NE(picture.line(40).find("Ctrl-X"), std::string::npos) << picture.text();
    EXPECT_FALSE(picture.line(39).empty());
    host::type_key(kKeyEnd);
    host::type_key(control('X'));
    EXPECT_TRUE(run("#!ipxe\nconfig").ok());
    picture = host::ScreenPicture(host::console_output(), 120, 40).before_clearing();
    EXPECT_EQ(picture.line(picture.row()).size(), 118u) << picture.text();
}

TEST_F(Browser, SetsWhatActsAtOnceAndSaysWhatDoesNotFit) {
    start();
    auto is_ip = [](std::string_view line) { return line.find("  ip:ipv4 ") == 0; };
    // Down to "ip" in net0's scope, wherever the table has it.
    int downs = 0;
    for (; downs < 60; ++downs) {
        for (int i = 0; i < downs; ++i) host::type_key(kKeyDown);
        auto picture = browse({}, "net0");
        unsigned row = picture.row();
        if (is_ip(picture.line(row))) break;
    }
    ASSERT_LT(downs, 60);
    for (int i = 0; i < downs; ++i) host::type_key(kKeyDown);
    host::type_key('\r');
    host::type("10.0.2.9\r");
    browse({}, "net0");
    EXPECT_EQ(setting("net0/ip"), "10.0.2.9");
    EXPECT_TRUE(stack.interface(0).config() != nullptr);
    for (int i = 0; i < downs; ++i) host::type_key(kKeyDown);
    host::type_key('\r');
    host::type("9nonsense\r");
    auto picture = browse({}, "net0");
    EXPECT_NE(picture.line(23).find("does not fit the setting's type"), std::string::npos) << picture.text();
    EXPECT_EQ(setting("net0/ip"), "10.0.2.9");
}

TEST_F(Browser, TellsWhatASettingIsAndWhereItComesFrom) {
    server.options[17] = "iscsi:10.0.2.2::::iqn.x:y";
    EXPECT_TRUE(run("#!ipxe\ndhcp").ok());
    for (int downs = 0; downs < 70; ++downs) {
        for (int i = 0; i < downs; ++i) host::type_key(kKeyDown);
        auto picture = browse({});
        if (picture.line(picture.row()).find("  root-path:") != 0) continue;
        EXPECT_EQ(picture.line(23), "  SAN root path, DHCP option 17, from net0.dhcp");
        return;
    }
    FAIL() << "no root-path";
}

TEST_F(Browser, HidesSecretsAndWhatMovesTheCursor) {
    start();
    system.settings.put("zz-password", "hunter2");
    EXPECT_TRUE(run("#!ipxe\nset esc:hex 1b:5b:32:4a").ok());
    auto picture = browse({kKeyEnd});
    EXPECT_NE(picture.line(row_of(picture, "zz-password:")).find("********"), std::string::npos) << picture.text();
    EXPECT_EQ(host::console_output().find("hunter2"), std::string::npos);
    EXPECT_TRUE(run("#!ipxe\nset esc2:string ${esc:string}").ok());
    picture = browse({kKeyEnd});
    EXPECT_NE(picture.text().find(".[2J"), std::string::npos) << picture.text();
}

TEST_F(Browser, ScrollsByPagesAndEnds) {
    auto picture = browse({kKeyPageDown, kKeyPageDown});
    EXPECT_NE(picture.line(3).find("..."), std::string::npos);
    EXPECT_EQ(picture.row(), 21u);
    picture = browse({kKeyEnd, kKeyHome});
    EXPECT_EQ(picture.row(), 4u);
    EXPECT_EQ(picture.line(3), "");
    picture = browse({kKeyEnd, kKeyPageUp, kKeyPageUp, kKeyUp});
    EXPECT_EQ(picture.background(picture.row(), 5), 1u);
}

TEST_F(Browser, CtrlCLeavesAsAFailure) {
    start();
    host::type_key(kCtrlC);
    auto status = run("#!ipxe\nconfig");
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(&status.failure(), &util::kCancelled);
}

}  // namespace
}  // namespace scripts
