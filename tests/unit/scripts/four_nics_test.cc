// A machine with four NICs: one without a cable, one whose network has no DHCP server, one whose server knows nothing to boot, and
// the last, which is the one to boot from.
#include <gtest/gtest.h>

#include "scripts/main.h"
#include "tests/unit/scripts/test_system.h"
#include "tests/unit/scripts/test_wire.h"

namespace scripts {
namespace {

struct FourNics : testing::Test, TestSystem {
    FourNics() {
        silent.silent = true;
        plain.lease = net::Ipv4Address(10, 0, 2, 72);
        last.lease = net::Ipv4Address(10, 0, 2, 73);
        last.boot_file = "boot";
        last.files["boot"] = "#!ipxe\necho booted over ${ifname}\n";
        for (CableEnd* end : {&dark, &silent.end(), &plain.end(), &last.end()}) EXPECT_TRUE(stack.add(*end).ok());
    }
    ~FourNics() override { unplug(); }
    static bool said(std::string_view text) { return host::console_output().find(text) != std::string::npos; }
    CableEnd dark{packets, {{0x52, 0x54, 0, 0, 0, 0x10}}, 0x18};
    TestServer silent{loop, random, {{0x52, 0x54, 0, 0, 0, 0x11}}, 0x20};
    TestServer plain{loop, random, {{0x52, 0x54, 0, 0, 0, 0x12}}, 0x28};
    TestServer last{loop, random, {{0x52, 0x54, 0, 0, 0, 0x13}}, 0x30};
};

TEST_F(FourNics, AreAskedAtOnceAndTheBestOfferIsTaken) {
    EXPECT_EQ(output("#!ipxe\ndhcp\nroute\necho ${netX/ifname} ${ip} ${net3/ip} ${net3.dhcp/filename} ${net2/ip}."),
              "Configuring (net0 52:54:00:00:00:10)(net1 52:54:00:00:00:11)(net2 52:54:00:00:00:12)(net3 52:54:00:00:00:13)... ok\n"
              "net3: 10.0.2.73/255.255.255.0 gw 10.0.2.2\nnet3 10.0.2.73 10.0.2.73 boot .\n");
    EXPECT_LT(loop.now().us(), 1000000);
    for (TestServer* server : {&silent, &plain, &last}) EXPECT_FALSE(server->requests.empty());
    for (CableEnd* end : {&dark, &silent.end(), &plain.end()}) EXPECT_FALSE(end->is_open());
}

TEST_F(FourNics, BootFromTheOneThatCan) {
    EXPECT_TRUE(run_main(system, "").ok());
    EXPECT_TRUE(said("booted over net3\n")) << host::console_output();
}

TEST_F(FourNics, GoOnWithTheOthersWhenTheBestDoesNotBoot) {
    last.files.clear();
    plain.options[17] = "nfs:server";
    plain.boot_file = "boot";
    plain.files["boot"] = "#!ipxe\necho booted over ${ifname}\n";
    last.options[175] = std::string("\1\1\5", 3);
    EXPECT_TRUE(run_main(system, "").ok());
    EXPECT_TRUE(said("(net0 52:54:00:00:00:10)(net1 52:54:00:00:00:11)(net2 52:54:00:00:00:12)... ok\n")) << host::console_output();
    EXPECT_TRUE(said("booted over net2\n")) << host::console_output();
}

TEST_F(FourNics, AreConfiguredByName) {
    EXPECT_EQ(output("#!ipxe\ndhcp net2\necho ${netX/ifname} ${ip}\nifconf net3 net2\necho ${netX/ifname} ${ip}"),
              "Configuring (net2 52:54:00:00:00:12)... ok\nnet2 10.0.2.72\n"
              "Configuring (net3 52:54:00:00:00:13)(net2 52:54:00:00:00:12)... ok\nnet3 10.0.2.73\n");
    EXPECT_TRUE(last.requests.size() >= 2 && silent.requests.empty());
    EXPECT_EQ(&run("#!ipxe\ndhcp net4").failure(), &kNoSuchInterface);
}

TEST_F(FourNics, KeepTheirSettingsApart) {
    EXPECT_EQ(output("#!ipxe\nset net3/ip 10.0.2.99\nset net3/netmask 255.255.255.0\nset net3/hostname three\nset net1/hostname one\n"
                     "ifopen net3\nroute\necho ${net3/hostname} ${net1/hostname} ${net2/hostname}. ${net3/busloc:busdevfn}"),
              "net3: 10.0.2.99/255.255.255.0\nthree one . 0000:00:06.0\n");
    std::string all = output("#!ipxe\nifstat");
    for (const char* name : {"net0: ", "net1: ", "net2: ", "net3: "}) EXPECT_NE(all.find(name), std::string::npos) << all;
    EXPECT_EQ(output("#!ipxe\nset idx:int32 0\n:loop isset ${net${idx}/mac} || goto done\ninc idx && goto loop\n:done\necho ${idx}"), "4\n");
    EXPECT_EQ(output("#!ipxe\niflinkwait --timeout 1000 net0 || echo no cable in net0"), "iflinkwait net0: the link is down: is the cable plugged in\nno cable in net0\n");
}

}  // namespace
}  // namespace scripts
