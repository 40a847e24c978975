// Starting a network boot program: what is there for it, and what is as before when it has left.
#include "scripts/images/nbp.h"

#include <gtest/gtest.h>
#include <platform/boot.h>

#include "net/pxe/pxe_api.h"
#include "scripts/images/starting.h"
#include "tests/host/memory.h"
#include "tests/unit/scripts/test_system.h"
#include "tests/unit/scripts/test_wire.h"

namespace scripts {
namespace {

class NbpTest : public testing::Test {
  protected:
    NbpTest() {
        host::reset();
        host::memory() = {};
        (void)base.stack.add(server.end()).take();
        (void)base.stack.add(other.end()).take();
        server.files["program.0"] = std::string("\xeb\xfe the program", 14);
        host::machine().pxe_status = 0;
        host::machine().boot_failure = &platform::kGaveBack;
        base.start();
    }
    ~NbpTest() override {
        host::machine() = {};
        base.unplug();
    }
    util::Result<void> chain() { return base.run("#!ipxe\nifopen net1\nifopen net0\ndhcp net0\nchain tftp://10.0.2.2/program.0\n"); }
    net::Interface& interface(std::size_t number) { return base.stack.interface(number); }

    TestSystem base;
    TestServer server{base.loop, base.random, {{0x52, 0x54, 0, 0x12, 0x34, 0x56}}, 0x18};
    TestServer other{base.loop, base.random, {{0x52, 0x54, 0, 0x12, 0x34, 0x57}}, 0x20};
};

TEST_F(NbpTest, AProgramHasTheNicTheDhcpPortAndTheKeys) {
    bool looked = false;
    host::machine().on_boot = [&](const BootPlan&) {
        looked = true;
        ASSERT_TRUE(host::machine().pxe);
        EXPECT_EQ(&host::machine().pxe->parts.interface, &interface(0));
        EXPECT_TRUE(interface(0).is_open());
        EXPECT_FALSE(interface(1).is_open()) << "the other one is quiet";
        EXPECT_EQ(base.loop.cancel(), util::Loop::Cancel::Never);
        EXPECT_TRUE(net::UdpSocket::open_on(base.stack, interface(0), net::kDhcpClientPort).ok());
        host::machine().pxe->parts.interface.close();  // as UNDI_SHUTDOWN does
    };
    EXPECT_TRUE(chain().ok()) << host::console_output();
    EXPECT_TRUE(looked);
    EXPECT_FALSE(host::machine().pxe);
    EXPECT_TRUE(interface(0).is_open());
    EXPECT_TRUE(interface(1).is_open());
    EXPECT_NE(base.loop.cancel(), util::Loop::Cancel::Never);
    EXPECT_FALSE(net::UdpSocket::open_on(base.stack, interface(0), net::kDhcpClientPort).ok()) << "our DHCP client's again";
    EXPECT_EQ(&interface(0).link(), &server.end());
}

TEST_F(NbpTest, WhatAProgramReturnsWithIsItsResult) {
    for (std::uint16_t status : {0, 4, 5}) {
        host::machine().pxe_status = status;
        EXPECT_TRUE(chain().ok()) << status;
    }
    host::machine().pxe_status = 1;
    EXPECT_EQ(&chain().failure(), &kProgramFailed);
    host::machine().pxe_status = std::nullopt;
    EXPECT_EQ(&chain().failure(), &platform::kGaveBack) << "by INT 18h";
}

}  // namespace
}  // namespace scripts
