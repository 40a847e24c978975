// What a network boot program is told of DHCP.
#include "scripts/images/nbp_packets.h"

#include <gtest/gtest.h>

#include "tests/unit/scripts/test_system.h"
#include "tests/unit/scripts/test_wire.h"

namespace scripts {
namespace {

class NbpPacketsTest : public testing::Test {
  protected:
    NbpPacketsTest() {
        host::reset();
        server.options[210] = "http://10.0.2.2/pxe/";
        server.boot_file = "boot.ipxe";
        (void)base.stack.add(server.end()).take();
        base.start();
    }
    ~NbpPacketsTest() override { base.unplug(); }

    Nic& nic() { return *base.system.network.nics()[0]; }
    void make(std::string_view uri = "") { ASSERT_TRUE(made.make(base.system.settings, nic(), uri).ok()); }
    static net::DhcpMessage parsed(util::Bytes packet) {
        auto message = net::parse_dhcp(packet);
        EXPECT_TRUE(message);
        return std::move(*message);
    }

    TestSystem base;
    TestServer server{base.loop, base.random, {{0x52, 0x54, 0, 0x12, 0x34, 0x56}}, 0x18};
    NbpPackets made;
};

TEST_F(NbpPacketsTest, TheAckIsAsItWasOnTheWire) {
    ASSERT_TRUE(base.run("#!ipxe\ndhcp\n").ok());
    make();
    auto packets = made.packets();
    auto ack = parsed(packets.ack);
    EXPECT_EQ(ack.type, net::DhcpMessageType::Ack);
    EXPECT_EQ(ack.header.yiaddr, server.lease);
    EXPECT_EQ(ack.filename(), "boot.ipxe");
    EXPECT_EQ(ack.options.text(210), "http://10.0.2.2/pxe/");
    auto discover = parsed(packets.discover);
    EXPECT_EQ(discover.type, net::DhcpMessageType::Discover);
    EXPECT_EQ(discover.header.xid, ack.header.xid);
    EXPECT_EQ(std::memcmp(discover.header.chaddr, ack.header.chaddr, 16), 0);
    EXPECT_EQ(util::as_text(*discover.options.find(net::dhcp_option::kUserClass)), "iPXE");
}

TEST_F(NbpPacketsTest, TheReplySaysWhatScriptsHaveSet) {
    ASSERT_TRUE(base.run("#!ipxe\ndhcp\nset 210:string tftp://10.0.2.9/\nset 209:string cfg/mine\nset next-server 10.0.2.9\n").ok());
    make();
    auto reply = parsed(made.packets().reply);
    EXPECT_EQ(reply.options.text(210), "tftp://10.0.2.9/");
    EXPECT_EQ(reply.options.text(209), "cfg/mine");
    EXPECT_EQ(reply.header.siaddr, net::Ipv4Address(10, 0, 2, 9));
    EXPECT_EQ(reply.header.yiaddr, server.lease);
    EXPECT_EQ(reply.options.address(net::dhcp_option::kSubnetMask), net::Ipv4Address(255, 255, 255, 0));
    EXPECT_EQ(reply.type, net::DhcpMessageType::Ack);
}

TEST_F(NbpPacketsTest, AProgramFindsTheServerAndTheFolderThatItCameFrom) {
    ASSERT_TRUE(base.run("#!ipxe\ndhcp\n").ok());
    make("tftp://10.0.2.7/sys%20linux/pxelinux.0");
    EXPECT_EQ(parsed(made.packets().ack).header.siaddr, net::Ipv4Address(10, 0, 2, 7));
    auto reply = parsed(made.packets().reply);
    EXPECT_EQ(reply.header.siaddr, net::Ipv4Address(10, 0, 2, 7));
    EXPECT_EQ(reply.filename(), "sys linux/pxelinux.0");
    make("http://10.0.2.7/pxelinux.0");
    EXPECT_EQ(parsed(made.packets().reply).header.siaddr, TestServer::kAddress);
    EXPECT_EQ(parsed(made.packets().reply).filename(), "boot.ipxe");
}

TEST_F(NbpPacketsTest, WithoutALeaseThereIsOnePacketOfWhatWasTypedIn) {
    ASSERT_TRUE(base.run("#!ipxe\nifopen net0\nset net0/ip 10.0.2.50\nset net0/netmask 255.255.255.0\nset net0/gateway 10.0.2.2\n"
                         "set next-server 10.0.2.2\nset filename x.0\n").ok());
    make();
    auto packets = made.packets();
    EXPECT_EQ(packets.ack.data(), packets.reply.data());
    auto ack = parsed(packets.ack);
    EXPECT_EQ(ack.header.op, net::kBootReply);
    EXPECT_EQ(ack.header.yiaddr, net::Ipv4Address(10, 0, 2, 50));
    EXPECT_EQ(ack.header.siaddr, net::Ipv4Address(10, 0, 2, 2));
    EXPECT_EQ(ack.options.address(net::dhcp_option::kSubnetMask), net::Ipv4Address(255, 255, 255, 0));
    EXPECT_EQ(ack.options.address(net::dhcp_option::kRouter), net::Ipv4Address(10, 0, 2, 2));
    EXPECT_EQ(ack.filename(), "x.0");
}

TEST_F(NbpPacketsTest, OptionsThatDoNotFitAreLeftOut) {
    server.options[210].clear();
    ASSERT_TRUE(base.run("#!ipxe\ndhcp\n").ok());
    std::string script = "#!ipxe\nset 210:string last\n";
    for (int number = 128; number < 140; ++number) script += "set " + std::to_string(number) + ":string " + std::string(200, 'x') + "\n";
    ASSERT_TRUE(base.run(script).ok());
    make();
    auto packets = made.packets();
    EXPECT_LE(packets.reply.size(), net::pxe::kBootpLayerSize);
    EXPECT_EQ(parsed(packets.reply).options.text(210), "last");
}

}  // namespace
}  // namespace scripts
