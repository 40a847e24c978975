// What the PXE stack that loaded us had got from DHCP, and servers that name us again.
#include <gtest/gtest.h>

#include <algorithm>

#include "scripts/booting.h"
#include "scripts/main.h"
#include "tests/unit/scripts/cached_reply.h"
#include "tests/unit/scripts/test_system.h"
#include "tests/unit/scripts/test_wire.h"

namespace scripts {
namespace {

struct CachedDhcp : testing::Test, TestSystem {
    CachedDhcp() {
        EXPECT_TRUE(stack.add(server.end()).ok());
        host::machine().cached_ack = cached_reply({10, 0, 2, 77}, {10, 0, 2, 2}, "undionly.kpxe");
    }
    ~CachedDhcp() override { unplug(); }
    TestServer server{loop, random, {{0x52, 0x54, 0, 0x12, 0x34, 0x56}}, 0x18};
};

TEST_F(CachedDhcp, IsTheLeaseUntilDhcpAsksAnew) {
    server.boot_file = "boot.ipxe";
    EXPECT_EQ(output("#!ipxe\necho ${net0/ip} ${filename} ${cached/ip}"), "10.0.2.77 undionly.kpxe 10.0.2.77\n");
    std::string out = output("#!ipxe\ndhcp\necho ${net0/ip} ${filename} ${cached/filename}");
    EXPECT_NE(out.find("10.0.2.15 boot.ipxe undionly.kpxe\n"), std::string::npos) << out;
}

TEST_F(CachedDhcp, IsNotFoundWithoutItsScopesName) {
    server.boot_file = "";
    std::string out = output("#!ipxe\ndhcp\nisset ${filename} && echo found || echo gone");
    EXPECT_NE(out.find("gone\n"), std::string::npos) << out;
}

TEST_F(CachedDhcp, IsEnoughWhenUseCachedIsSet) {
    std::string out = output("#!ipxe\nset use-cached 1\ndhcp\nroute");
    EXPECT_EQ(out, "net0: going on with what its PXE ROM was given\nnet0: 10.0.2.77/255.255.255.0\n");
    EXPECT_TRUE(server.requests.empty());
}

TEST_F(CachedDhcp, TakesTheBootFileFromTheReplyThatNamedIt) {
    host::machine().cached_reply = cached_reply({}, {10, 0, 2, 9}, "proxy.0", "PXEClient");
    EXPECT_EQ(output("#!ipxe\necho ${cached/filename} ${cached/next-server} ${cached/ip}"), "proxy.0 10.0.2.9 10.0.2.77\n");
}

TEST_F(CachedDhcp, IsIgnoredWhenItIsNonsense) {
    host::machine().cached_ack = std::string(1500, '\xff');
    host::machine().cached_reply = "short";
    EXPECT_EQ(output("#!ipxe\nisset ${cached/filename} || echo none\nisset ${net0/ip} || echo none"), "none\nnone\n");
}

TEST_F(CachedDhcp, NoticesAServerThatNamesTheRunningProgram) {
    host::machine().running_image = "the program that runs";
    server.boot_file = "undionly.kpxe";
    server.files["undionly.kpxe"] = host::machine().running_image;
    EXPECT_EQ(&run_main(system, "").failure(), &kDidNotBoot);
    EXPECT_NE(host::console_output().find(kNamesUs.text), std::string::npos) << host::console_output();
}

TEST_F(CachedDhcp, BootsTheDriveWhenAServerNamesItBesideTheRunningProgram) {
    host::machine().running_image = "the program that runs";
    server.boot_file = "undionly.kpxe";
    server.files["undionly.kpxe"] = host::machine().running_image;
    fake::Unit& unit = target.units[1];
    unit.blocks = 100;
    unit.disk.resize(51200);
    loop.add(target);
    server.options[12] = "box";
    server.options[17] = "iscsi:10.0.2.2:::1:iqn.2020-01.test:target";
    (void)run_main(system, "");
    const auto& events = host::machine().events;
    EXPECT_NE(std::find(events.begin(), events.end(), "boot 0x80"), events.end()) << host::console_output();
}

TEST_F(CachedDhcp, RefusesADriverThatTheNicDoesNotHave) {
    EXPECT_EQ(&run("#!ipxe\nset net0/driver undi").failure(), &kNoSuchDriver);
    EXPECT_EQ(output("#!ipxe\nset net0/driver fake\necho ${net0/driver}\nclear net0/driver"), "fake\n");
}

}  // namespace
}  // namespace scripts
