// dhcp, ifopen, route, chain and the rest, over a cable to a server that answers DHCP and TFTP; and automatic
// boot.
#include <gtest/gtest.h>

#include "scripts/booting.h"
#include "scripts/images/starting.h"
#include "scripts/main.h"
#include "tests/unit/scripts/test_system.h"
#include "tests/unit/scripts/test_wire.h"

namespace scripts {
namespace {

struct OneNic : testing::Test, TestSystem {
    OneNic() { EXPECT_TRUE(stack.add(server.end()).ok()); }
    ~OneNic() override { unplug(); }
    TestServer server{loop, random, {{0x52, 0x54, 0, 0x12, 0x34, 0x56}}, 0x18};
};

TEST_F(OneNic, ConfiguresItselfByDhcpWithoutIdling) {
    EXPECT_EQ(
        output(
            "#!ipxe\ndhcp\nroute\necho ${net0/ip} ${netmask} ${gateway} ${next-server} ${net0.dhcp/ip:ipv4}"),
        "Configuring (net0 52:54:00:12:34:56)... ok\nnet0: 10.0.2.15/255.255.255.0 gw 10.0.2.2\n"
        "10.0.2.15 255.255.255.0 10.0.2.2 10.0.2.2 10.0.2.15\n");
    EXPECT_LT(loop.now().us(), util::Duration::milliseconds(50).us());
    EXPECT_EQ(server.requests.front().options.text(77), "iPXE");
    EXPECT_TRUE(server.requests.front().options.find("175.17").has_value());
}

TEST_F(OneNic, TakesDomainsAndTimeServersFromDhcp) {
    server.options[15] = "example.net";
    server.options[42] = std::string("\x0a\0\2\3", 4);
    server.options[175] = std::string("\x01\x01\xfb", 3);
    std::string out = output("#!ipxe\ndhcp\necho ${domain} ${ntp-server} ${priority} ${net0.dhcp/priority:uint8}");
    EXPECT_NE(out.find("\nexample.net 10.0.2.3 -5 0xfb\n"), std::string::npos) << out;
    system.network.refresh_dns();
    EXPECT_EQ(system.network.dns().search.view(), "example.net");
    output("#!ipxe\nset domain example.com");
    system.network.refresh_dns();
    EXPECT_EQ(system.network.dns().search.view(), "example.com");
}

TEST_F(OneNic, AsksAllDnsServersAlsoBehindOneThatIsNone) {
    server.options[6] = std::string("\0\0\0\0\x0a\0\2\3", 8);
    output("#!ipxe\ndhcp");
    system.network.refresh_dns();
    const net::DnsSettings& dns = system.network.dns();
    ASSERT_EQ(dns.server_count, 2u);
    EXPECT_EQ(dns.servers[1], net::Ipv4Address(10, 0, 2, 3));
}

TEST_F(OneNic, ShowsOptionsByNumberAndEncapsulated) {
    server.options[17] = "iscsi:10.0.2.2::::iqn.x:y";
    server.options[43] = std::string(
        "\x74\x03"
        "100",
        5);
    server.options[175] = std::string("\x08\x01\x01", 3);
    server.options[210] = "http://server/";
    EXPECT_EQ(
        output("#!ipxe\nset user-class other\nifconf net0\necho ${17} ${43.116:string} ${175.8:uint8} "
               "${keep-san} "
               "${210:string}"),
        "Configuring (net0 52:54:00:12:34:56)... ok\niscsi:10.0.2.2::::iqn.x:y 100 0x1 1 http://server/\n");
    EXPECT_EQ(server.requests.front().options.text(77), "other");
}

TEST_F(OneNic, SaysWhenNoServerAnswers) {
    server.silent = true;
    EXPECT_EQ(&run("#!ipxe\ndhcp --timeout 3000 net0").failure(), &net::kDhcpNoServer);
    EXPECT_NE(host::console_output().find("failed\ntest.ipxe:2: dhcp net0: no DHCP server answered\n"),
              std::string::npos)
        << host::console_output();
    EXPECT_EQ(loop.now().us() / 1000000, 3);
    EXPECT_FALSE(server.end().is_open());
}

TEST_F(OneNic, RefusesInterfacesThatAreNot) {
    EXPECT_EQ(&run("#!ipxe\ndhcp net7").failure(), &kNoSuchInterface);
    EXPECT_NE(host::console_output().find("dhcp net7: there is no such network interface"),
              std::string::npos);
}

TEST_F(OneNic, TakesAStaticAddressAtOnce) {
    EXPECT_EQ(output("#!ipxe\nifopen net0\nset net0/ip 10.0.2.99\nset net0/netmask 255.255.255.0\nset "
                     "net0/gateway 10.0.2.2\n"
                     "route\necho ${net0/ip} ${netX/mac:hexhyp}\nset net0/gateway 0.0.0.0\nroute\nclear "
                     "net0/ip\nroute"),
              "net0: 10.0.2.99/255.255.255.0 gw 10.0.2.2\n10.0.2.99 52-54-00-12-34-56\n"
              "net0: 10.0.2.99/255.255.255.0 gw 10.0.2.2\n");
}

TEST_F(OneNic, ShowsInterfacesAndClosesThem) {
    EXPECT_EQ(output("#!ipxe\nifstat net0"),
              "net0: 52:54:00:12:34:56 using fake on PCI00:03.0 (82540EM) [closed]\n  [Link:unknown, TX:0 "
              "TXE:0 RX:0 RXE:0]\n");
    std::string out = output("#!ipxe\nifopen\nifstat\nifclose\nifstat");
    EXPECT_NE(out.find("[open]\n  [Link:up 1000 Mbit/s full duplex, TX:"), std::string::npos) << out;
    EXPECT_NE(out.find("[closed]"), std::string::npos);
    EXPECT_EQ(output("#!ipxe\niflinkwait --timeout 1000 && echo up on ${ifname}"), "up on net0\n");
}

TEST_F(OneNic, PutsWhatIsTypedInBeforeTheLease) {
    EXPECT_EQ(output("#!ipxe\ndhcp\nset net0/netmask 255.255.0.0\nroute\nset net0/gateway 10.0.2.3\nroute\nclear net0/gateway\nclear net0/netmask\nroute\n"
                     "set net0/ip 10.0.2.99\nroute\nclear net0/ip\nroute"),
              "Configuring (net0 52:54:00:12:34:56)... ok\n"
              "net0: 10.0.2.15/255.255.0.0 gw 10.0.2.2\n"
              "net0: 10.0.2.15/255.255.0.0 gw 10.0.2.3\n"
              "net0: 10.0.2.15/255.255.255.0 gw 10.0.2.2\n"
              "net0: 10.0.2.99/255.255.255.0 gw 10.0.2.2\n"
              "net0: 10.0.2.15/255.255.255.0 gw 10.0.2.2\n");
}

TEST_F(OneNic, KeepsWhatIsTypedInWhenALeaseComes) {
    EXPECT_EQ(output("#!ipxe\nset net0/gateway 10.0.2.3\ndhcp\nroute"),
              "Configuring (net0 52:54:00:12:34:56)... ok\nnet0: 10.0.2.15/255.255.255.0 gw 10.0.2.3\n");
}

TEST_F(OneNic, TakesItsMtuAtOnce) {
    (void)output("#!ipxe\ndhcp\nset net0/mtu 1400");
    EXPECT_EQ(stack.interface(0).mtu(), 1400);
    (void)output("#!ipxe\nclear net0/mtu");
    EXPECT_EQ(stack.interface(0).mtu(), 1500);
}

TEST_F(OneNic, ShowsWhatTheNicIs) {
    EXPECT_EQ(output("#!ipxe\necho ${net0/busid} ${net0/busloc} ${net0/busloc:busdevfn} ${net0/bustype} "
                     "${net0/chip} ${netX/ifname}"),
              "01:80:86:10:0e 0x18 0000:00:03.0 PCI 82540EM net0\n");
}

TEST_F(OneNic, ChainsScriptsRelativeToTheServerAndToEachOther) {
    server.files["boot.ipxe"] = "#!ipxe\necho outer\nchain sub/inner.ipxe\necho back";
    server.files["sub/inner.ipxe"] = "#!ipxe\necho inner\nchain --autofree deep.ipxe || echo caught\n";
    EXPECT_EQ(
        output("#!ipxe\ndhcp\nchain boot.ipxe\nimgstat"),
        "Configuring (net0 52:54:00:12:34:56)... ok\ntftp://10.0.2.2/boot.ipxe... ok\nouter\n"
        "tftp://10.0.2.2/sub/inner.ipxe... ok\ninner\ntftp://10.0.2.2/sub/deep.ipxe... failed\n"
        "  no such file\nchain deep.ipxe: the TFTP server has no such file\ncaught\nback\n"
        "test.ipxe : 35 bytes [script]\nboot.ipxe : 48 bytes [script]\ninner.ipxe : 60 bytes [script]\n");
}

// A test alone says nothing when "||" goes on from it, but the script that it ends does.
TEST_F(OneNic, SaysThatAScriptFailedWhateverRanLastInIt) {
    server.files["q"] = "#!ipxe\niseq x y";
    EXPECT_NE(output("#!ipxe\ndhcp\nchain q || echo on").find("    iseq x y\nchain q: the values differ\non\n"), std::string::npos)
        << host::console_output();
}

TEST_F(OneNic, ReplacesScriptsAndReportsWhereTheyFail) {
    server.files["a"] = "#!ipxe\nchain --replace --autofree b\necho never";
    server.files["b"] = "#!ipxe\n\nexit 1";
    server.files["c"] = "#!ipxe\n\niseq x y";
    server.files["d"] = "no script";
    EXPECT_NE(
        output("#!ipxe\ndhcp\nchain a || echo on").find("chain a: ended by exit with an error status\non\n"),
        std::string::npos)
        << host::console_output();
    EXPECT_FALSE(run("#!ipxe\nchain c").ok());
    EXPECT_NE(host::console_output().find(
                  "c:3: iseq: the values differ\n    iseq x y\ntest.ipxe:2: chain c: the values differ\n"),
              std::string::npos)
        << host::console_output();
    EXPECT_EQ(&run("#!ipxe\nimgfetch --name x d\nchain --autofree x").failure(), &kUnknownImage);
    EXPECT_NE(host::console_output().find("  it is a text, and does not begin with #!ipxe\ntest.ipxe:3: chain x: not something that can be started\n"),
              std::string::npos)
        << host::console_output();
    EXPECT_EQ(system.images.find("x"), nullptr);
}

TEST_F(OneNic, EndsScriptsThatCallThemselvesForEver) {
    server.files["a"] = "#!ipxe\nchain a";
    EXPECT_EQ(&run("#!ipxe\ndhcp\nchain tftp://10.0.2.2/a").failure(), &kScriptsTooDeep);
}

TEST_F(OneNic, BootsTheFileThatDhcpNames) {
    server.boot_file = "menu.ipxe";
    server.files["menu.ipxe"] =
        "#!ipxe\necho booted from ${net0/ip}\nprompt --key 0x02 --timeout 100 && echo Ctrl-B ||\n";
    EXPECT_TRUE(run_main(system, "").ok()) << host::console_output();
    EXPECT_NE(host::console_output().find("Press Ctrl-B for the Sanpiper command line...\nConfiguring"),
              std::string::npos);
    EXPECT_NE(host::console_output().find("Next server: 10.0.2.2\nFilename: menu.ipxe\n"), std::string::npos);
    EXPECT_NE(host::console_output().find("booted from 10.0.2.15\n"), std::string::npos);
}

TEST_F(OneNic, BootsTheDriveThatDhcpNames) {
    fake::Unit& unit = target.units[1];
    unit.blocks = 100;
    unit.disk.resize(51200);
    loop.add(target);
    server.options[17] = "iscsi:10.0.2.2:::1:iqn.2020-01.test:target";
    server.options[12] = "box";
    EXPECT_FALSE(run_main(system, "").ok());
    EXPECT_NE(host::console_output().find("Root path: iscsi:10.0.2.2:::1:iqn.2020-01.test:target\n"
                                          "Registered as BIOS drive 0x80\nBooting from BIOS drive 0x80\n"),
              std::string::npos)
        << host::console_output();
    EXPECT_EQ(drives.count(), 0u);
}

TEST_F(OneNic, LeavesTheDriveBehindWhenDhcpSaysSo) {
    fake::Unit& unit = target.units[1];
    unit.blocks = 100;
    unit.disk.resize(51200);
    loop.add(target);
    server.options[17] = "iscsi:10.0.2.2:::1:iqn.2020-01.test:target";
    server.options[12] = "box";
    server.options[175] = std::string("\x08\x01\x01\x09\x01\x01", 6);
    EXPECT_TRUE(run_main(system, "").ok()) << host::console_output();
    EXPECT_EQ(drives.count(), 1u);
    EXPECT_TRUE(server.end().is_open());
}

TEST_F(OneNic, SaysWhenThereIsNothingToBoot) {
    EXPECT_FALSE(run_main(system, "").ok());
    EXPECT_NE(host::console_output().find("net0: the DHCP server names nothing to boot"), std::string::npos)
        << host::console_output();
}

TEST_F(OneNic, OpensTheShellOnCtrlBWhileTheNetworkComesUp) {
    server.silent = true;
    host::type(
        "\x02"
        "echo in the shell\rexit\r");
    EXPECT_TRUE(run_main(system, "").ok()) << host::console_output();
    EXPECT_NE(host::console_output().find("\nin the shell\n"), std::string::npos);
    EXPECT_LT(loop.now().us(), 1000000);
}

TEST_F(OneNic, RunsTheBuiltInScriptInstead) {
    EXPECT_TRUE(run_main(system, "#!ipxe\necho built in\n").ok());
    EXPECT_NE(host::console_output().find("built in\n"), std::string::npos);
    EXPECT_EQ(host::console_output().find("Ctrl-B"), std::string::npos);
}

struct TwoNics : testing::Test, TestSystem {
    TwoNics() {
        EXPECT_TRUE(stack.add(first.end()).ok());
        EXPECT_TRUE(stack.add(second.end()).ok());
    }
    ~TwoNics() override { unplug(); }
    TestServer first{loop, random, {{0x52, 0x54, 0, 0, 0, 0x10}}, 0x18};
    TestServer second{loop, random, {{0x52, 0x54, 0, 0, 0, 0x11}}, 0x20};
};

TEST_F(TwoNics, TakesTheLeaseThatCanBoot) {
    second.boot_file = "x";
    second.lease = net::Ipv4Address(10, 0, 2, 77);
    EXPECT_EQ(output("#!ipxe\ndhcp\necho ${ifname} ${ip} ${filename}"),
              "Configuring (net0 52:54:00:00:00:10)(net1 52:54:00:00:00:11)... ok\nnet1 10.0.2.77 x\n");
    EXPECT_FALSE(first.end().is_open());
}

TEST_F(TwoNics, PrefersTheFirstOfEquals) {
    first.boot_file = second.boot_file = "x";
    EXPECT_NE(output("#!ipxe\ndhcp\necho ${ifname}").find("\nnet0\n"), std::string::npos);
}

TEST_F(TwoNics, PrefersThePriorityOfEquals) {
    first.options[175] = std::string("\x01\x01\xff", 3);  // -1
    EXPECT_NE(output("#!ipxe\ndhcp\necho ${ifname}").find("\nnet1\n"), std::string::npos);
    first.options[175] = std::string("\x01\x01\x05", 3);
    second.options[175] = std::string("\x01\x01\x06", 3);
    EXPECT_NE(output("#!ipxe\ndhcp\necho ${ifname}").find("\nnet1\n"), std::string::npos);
    first.boot_file = "x";
    EXPECT_NE(output("#!ipxe\ndhcp\necho ${ifname}").find("\nnet0\n"), std::string::npos);
}

TEST_F(TwoNics, TakesTheOneWhoseProxySaysWhatToBoot) {
    second.lease = net::Ipv4Address(10, 0, 2, 77);
    second.other_service = [&](const net::DhcpMessage& request, net::Ipv4Endpoint) {
        if (request.type == net::DhcpMessageType::Discover)
            second.answer(request, net::DhcpMessageType::Offer, TestServer::kAddress, {{60, "PXEClient"}}, "from-proxy");
        return false;
    };
    EXPECT_EQ(output("#!ipxe\ndhcp\necho ${ifname} ${filename}"),
              "Configuring (net0 52:54:00:00:00:10)(net1 52:54:00:00:00:11)... ok\nnet1 from-proxy\n");
}

TEST_F(TwoNics, DoesNotWaitForTheSilent) {
    first.silent = true;
    output("#!ipxe\ndhcp\necho ${ifname}");
    EXPECT_LT(loop.now().us(), 3000000);
}

TEST_F(TwoNics, GoesOnWithTheNextWhenBootingFails) {
    first.boot_file = "missing";
    second.boot_file = "there";
    second.files["there"] = "#!ipxe\necho second\n";
    EXPECT_TRUE(run_main(system, "").ok()) << host::console_output();
    EXPECT_NE(host::console_output().find("\nsecond\n"), std::string::npos);
}

}  // namespace
}  // namespace scripts
