// Settings that scripts rarely use and that act: mac, priority, scriptlet; and --timeout of downloads.
#include <gtest/gtest.h>

#include "san/ibft.h"
#include "scripts/booting.h"
#include "scripts/fetching.h"
#include "scripts/main.h"
#include "tests/unit/scripts/test_system.h"
#include "tests/unit/scripts/test_wire.h"

namespace scripts {
namespace {

constexpr net::MacAddress kOwn{{0x52, 0x54, 0, 0x12, 0x34, 0x56}}, kOther{{0x52, 0x54, 0, 0xaa, 0xbb, 0xcc}};

struct RareSettings : testing::Test, TestSystem {
    RareSettings() { EXPECT_TRUE(stack.add(server.end()).ok()); }
    ~RareSettings() override { unplug(); }
    static bool said(std::string_view text) { return host::console_output().find(text) != std::string::npos; }
    TestServer server{loop, random, kOwn, 0x18};
};

// mac

TEST_F(RareSettings, AskDhcpWithTheMacThatWasSet) {
    server.files["x"] = "#!ipxe\necho fetched\n";
    EXPECT_EQ(output("#!ipxe\nset net0/mac 52:54:00:aa:bb:cc\ndhcp\nchain x\necho ${mac} ${net0/mac:hexhyp} ${hwaddr}\nclear net0/mac\necho ${mac} ${hwaddr}"),
              "Configuring (net0 52:54:00:aa:bb:cc)... ok\ntftp://10.0.2.2/x... ok\nfetched\n"
              "52:54:00:aa:bb:cc 52-54-00-aa-bb-cc 52:54:00:12:34:56\n52:54:00:12:34:56 52:54:00:12:34:56\n");
    for (const net::DhcpMessage& request : server.requests) {
        EXPECT_EQ(std::memcmp(&request.header.chaddr, &kOther, 6), 0);
        EXPECT_EQ(request.options.text(61), std::string("\1\x52\x54\0\xaa\xbb\xcc", 7));
    }
}

TEST_F(RareSettings, ChangeTheMacOfAnOpenInterfaceAtOnceAndKeepItsAddress) {
    server.files["x"] = "#!ipxe\necho fetched\n";
    EXPECT_EQ(output("#!ipxe\ndhcp\nset net0/mac 52:54:00:aa:bb:cc\nroute\nchain x\nifstat net0").substr(0, 148),
              "Configuring (net0 52:54:00:12:34:56)... ok\nnet0: 10.0.2.15/255.255.255.0 gw 10.0.2.2\n"
              "tftp://10.0.2.2/x... ok\nfetched\nnet0: 52:54:00:aa:bb:cc using f");
    EXPECT_EQ(stack.interface(0).mac(), kOther);
    EXPECT_EQ(server.end().address(), kOther);
    (void)output("#!ipxe\nclear net0/mac\nchain x");
    EXPECT_EQ(stack.interface(0).mac(), kOwn);
    EXPECT_EQ(server.end().address(), kOwn);
}

TEST_F(RareSettings, RefuseWhatIsNoMac) {
    for (const char* mac : {"01:00:00:00:00:01", "00:00:00:00:00:00", "52:54:00:12:34", "52:54:00:12:34:56:78"}) {
        EXPECT_EQ(&run(std::string("#!ipxe\nset net0/mac 52:54:00:aa:bb:cc\nset net0/mac ") + mac).failure(), &kBadMac) << mac;
        EXPECT_EQ(output("#!ipxe\necho ${net0/mac}"), "52:54:00:12:34:56\n");
        EXPECT_EQ(stack.interface(0).mac(), kOwn);
    }
}

TEST_F(RareSettings, PutTheMacThatWasSetIntoTheIbft) {
    fake::Unit& unit = target.units[1];
    unit.blocks = 100;
    unit.disk.resize(51200);
    loop.add(target);
    (void)output("#!ipxe\nset net0/mac 52:54:00:aa:bb:cc\ndhcp\nsanhook iscsi:10.0.2.2:::1:iqn.2020-01.test:target");
    san::IbftContents contents;
    ASSERT_TRUE(san::parse_ibft(util::as_bytes(host::machine().ibft), contents).ok());
    EXPECT_EQ(contents.nics[0].mac, kOther);
    EXPECT_EQ(contents.nics[0].boot, san::IbftBoot::Yes);
    (void)output("#!ipxe\nsanunhook");
}

TEST_F(RareSettings, ChangeTheMacOfACardAndNotOfAVlanOnIt) {
    EXPECT_EQ(&run("#!ipxe\nvcreate --tag 5 net0\nset net0-5/mac 52:54:00:aa:bb:cc").failure(), &net::kMacFixed);
    EXPECT_EQ(&run("#!ipxe\nset net0/mac 52:54:00:aa:bb:cc").failure(), &net::kMacFixed);
    EXPECT_EQ(output("#!ipxe\necho ${net0/mac} ${net0-5/mac}\nvdestroy net0-5\nset net0/mac 52:54:00:aa:bb:cc\nvcreate --tag 5 net0\n"
                     "ifopen net0-5\necho ${net0/mac} ${net0-5/mac}"),
              "52:54:00:12:34:56 52:54:00:12:34:56\n52:54:00:aa:bb:cc 52:54:00:aa:bb:cc\n");
}

// --timeout

TEST_F(RareSettings, EndADownloadThatStandsStill) {
    server.mute = true;
    (void)output("#!ipxe\ndhcp");
    for (const char* command : {"imgfetch", "chain", "kernel", "initrd", "imgextract"}) {
        util::Instant before = loop.now();
        EXPECT_EQ(&run(std::string("#!ipxe\n") + command + " --timeout 1500 x").failure(), &kFetchStalled) << command;
        EXPECT_EQ((loop.now() - before).us() / 1000, 1500) << command;
        EXPECT_TRUE(said("tftp://10.0.2.2/x... failed\n")) << host::console_output();
        EXPECT_TRUE(said("no data came for as long as --timeout says")) << host::console_output();
    }
    EXPECT_EQ(loop.cancel(), util::Loop::Cancel::ByCtrlC);
    EXPECT_EQ(output("#!ipxe\nimgfetch --timeout 100 x || echo gone on\nsleep 1"),
              "tftp://10.0.2.2/x... failed\nimgfetch x: no data came for as long as --timeout says\ngone on\n");
}

TEST_F(RareSettings, LeaveADownloadAloneThatIsQuick) {
    server.files["x"] = "#!ipxe\nsleep 10\necho fetched\n";
    EXPECT_EQ(output("#!ipxe\ndhcp\nchain --timeout 1000 x\nimgfree x\nchain --timeout 0 x\nsleep 2").substr(43),
              "tftp://10.0.2.2/x... ok\nfetched\ntftp://10.0.2.2/x... ok\nfetched\n");
}

TEST_F(RareSettings, LeaveADownloadAloneThatIsSlow) {
    server.files["x"] = std::string(512 * 40, 'x');
    server.deaf = true;
    (void)output("#!ipxe\ndhcp");
    util::Instant before = loop.now();
    EXPECT_TRUE(run("#!ipxe\nimgfetch --timeout 3000 x").ok());
    EXPECT_GT((loop.now() - before).us() / 1000, 3000);
}

TEST_F(RareSettings, TellCtrlCFromTheTimeout) {
    server.mute = true;
    (void)output("#!ipxe\ndhcp");
    host::type("\x03");
    EXPECT_EQ(&run("#!ipxe\nimgfetch --timeout 60000 x").failure(), &util::kCancelled);
}

// priority

TEST_F(RareSettings, AskScopesByTheirPriority) {
    EXPECT_EQ(output("#!ipxe\nset a/x of-a\nset b/x of-b\necho ${x}\nset b/priority 1\necho ${x}\nset a/priority 2\necho ${x}\n"
                     "set a/priority -1\nset b/priority -2\necho ${x}\nclear a/priority\nclear b/priority\necho ${x}\nset x typed\nset b/priority 9\necho ${x}"),
              "of-a\nof-b\nof-a\nof-a\nof-a\ntyped\n");
}

TEST_F(RareSettings, AskAProxyDhcpFirstThatHasAPriority) {
    server.boot_file = "from-dhcp";
    std::string priority("\1\1\0", 3);
    server.other_service = [&](const net::DhcpMessage& request, net::Ipv4Endpoint) {
        if (request.type == net::DhcpMessageType::Discover)
            server.answer(request, net::DhcpMessageType::Offer, net::Ipv4Address(10, 0, 2, 9), {{60, "PXEClient"}, {175, priority}}, "from-proxy");
        return false;
    };
    auto names = [&] { return output("#!ipxe\ndhcp\nsleep 1\necho ${filename} ${next-server} ${net0/filename} ${proxydhcp/filename}").substr(43); };
    EXPECT_EQ(names(), "from-dhcp 10.0.2.2 from-dhcp from-proxy\n");
    priority[2] = 1;
    EXPECT_EQ(names(), "from-proxy 10.0.2.9 from-dhcp from-proxy\n");
    server.options[175] = std::string("\1\1\1", 3);
    EXPECT_EQ(names(), "from-dhcp 10.0.2.2 from-dhcp from-proxy\n") << "equals as ever";
}

// scriptlet

TEST_F(RareSettings, RunTheScriptletInsteadOfBooting) {
    server.boot_file = "x";
    server.files["x"] = "#!ipxe\necho booted\n";
    server.options[175] = std::string("\x51\x17") + "echo run on ${net0/mac}";
    EXPECT_TRUE(run_main(system, "").ok()) << host::console_output();
    EXPECT_TRUE(said("Scriptlet: echo run on ${net0/mac}\nrun on 52:54:00:12:34:56\n")) << host::console_output();
    EXPECT_TRUE(server.asked_for.empty());
}

TEST_F(RareSettings, RunScriptletsOfAnyLineOfCommands) {
    server.boot_file = "x";
    server.files["x"] = "#!ipxe\necho booted ${way}\n";
    EXPECT_TRUE(run("#!ipxe\nset two:hex 0a\nset scriptlet set way on${two:string}autoboot\nautoboot").ok()) << host::console_output();
    EXPECT_TRUE(said("booted on\n")) << "autoboot in a scriptlet boots what there is to boot\n" << host::console_output();
}

TEST_F(RareSettings, CountAScriptletThatFailsAsABootThatFailed) {
    server.boot_file = "x";
    server.options[175] = std::string("\x51\x0c") + "chain absent";
    EXPECT_EQ(&run_main(system, "").failure(), &kDidNotBoot);
    EXPECT_TRUE(said("scriptlet:2: chain absent: ")) << host::console_output();
    EXPECT_TRUE(said("\nnet0: ")) << host::console_output();
    EXPECT_EQ(server.asked_for, std::vector<std::string>{"absent"});
    EXPECT_FALSE(server.end().is_open());
}

TEST_F(RareSettings, KeepTheScriptletApartFromTheScriptThatBoots) {
    EXPECT_EQ(output("#!ipxe\nset scriptlet exit 0\nautoboot && echo went on\ngoto end\n:end\necho at the end").substr(43),
              "net0: 10.0.2.15/255.255.255.0 gw 10.0.2.2\nScriptlet: exit 0\nwent on\nat the end\n");
    EXPECT_FALSE(run("#!ipxe\nset scriptlet goto end\nautoboot\n:end").ok());
}

}  // namespace
}  // namespace scripts
