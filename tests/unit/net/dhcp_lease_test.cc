#include <gtest/gtest.h>

#include <string>

#include "net/config/dhcp_lease.h"

namespace net {
namespace {

using namespace std::string_literals;

class Ack {
  public:
    explicit Ack(Ipv4Address yours = {10, 0, 2, 15}) { header_.yiaddr = yours; }
    Ack& option(int tag, std::string value) {
        options_ += std::string{static_cast<char>(tag), static_cast<char>(value.size())} + value;
        return *this;
    }
    Ack& file(const char* name) {
        strncpy(header_.file, name, sizeof header_.file);
        return *this;
    }
    DhcpMessage message() {
        header_.op = kBootReply;
        header_.htype = kHardwareEthernet;
        header_.hlen = 6;
        header_.siaddr = Ipv4Address(10, 0, 2, 4);
        std::string text(reinterpret_cast<const char*>(&header_), sizeof header_);
        return parse_dhcp(util::as_bytes(text + "\x63\x82\x53\x63" + options_)).value();
    }
    DhcpLease lease() { return make_lease(message(), {10, 0, 2, 2}, {}); }

  private:
    DhcpHeader header_{};
    std::string options_;
};

const std::string kMask24 = "\xff\xff\xff\0"s;

TEST(DhcpLease, HasWhatTheServerSaid) {
    DhcpLease lease = Ack()
                          .file("boot.ipxe")
                          .option(1, kMask24)
                          .option(3, "\x0a\0\2\1\x0a\0\2\7"s)
                          .option(6, "\x0a\0\2\3\x7f\0\0\1\x0a\0\2\5"s)
                          .option(12, "box")
                          .option(15, "example.com\0"s)
                          .option(17, "iscsi:10.0.2.4::::iqn.x")
                          .option(26, "\5\xdc")
                          .option(51, "\0\0\x0e\x10"s)
                          .option(54, "\x0a\0\2\1"s)
                          .option(175, "\x08\1\1")
                          .lease();
    EXPECT_EQ(lease.address, Ipv4Address(10, 0, 2, 15));
    EXPECT_EQ(lease.prefix_length, 24);
    EXPECT_EQ(lease.gateway, Ipv4Address(10, 0, 2, 1));
    ASSERT_EQ(lease.dns_server_count, 2);  // a loopback address is no server of ours
    EXPECT_EQ(lease.dns_servers[1], Ipv4Address(10, 0, 2, 5));
    EXPECT_EQ(lease.host_name(), "box");
    EXPECT_EQ(lease.domain(), "example.com");
    EXPECT_EQ(lease.search.view(), "example.com");
    EXPECT_EQ(lease.root_path(), "iscsi:10.0.2.4::::iqn.x");
    EXPECT_EQ(lease.filename(), "boot.ipxe");
    EXPECT_EQ(lease.server, Ipv4Address(10, 0, 2, 1));
    EXPECT_EQ(lease.next_server, Ipv4Address(10, 0, 2, 4));
    EXPECT_EQ(lease.mtu, 1500);
    EXPECT_EQ(util::as_text(*lease.option("175.8")), "\1");
    EXPECT_EQ(lease.duration.s(), 3600);
    EXPECT_EQ(lease.renewal.s(), 1800);
    EXPECT_EQ(lease.rebinding.s(), 3150);
    EXPECT_EQ(lease.oddities, 0);
}

TEST(DhcpLease, GuessesANetmaskThatIsMissingOrBroken) {
    DhcpLease missing = Ack().lease();
    EXPECT_EQ(missing.prefix_length, 8);
    EXPECT_TRUE(missing.has(DhcpOddity::NetmaskMissing));
    DhcpLease broken = Ack({192, 168, 0, 9}).option(1, "\xff\0\xff\0"s).lease();
    EXPECT_EQ(broken.netmask, Ipv4Address(255, 255, 255, 0));
    EXPECT_TRUE(broken.has(DhcpOddity::NetmaskBroken));
}

TEST(DhcpLease, UsesAGatewayOutsideTheSubnetAndSaysSo) {
    DhcpLease lease = Ack().option(1, kMask24).option(3, "\x0a\0\3\1"s).lease();
    EXPECT_EQ(lease.gateway, Ipv4Address(10, 0, 3, 1));
    EXPECT_TRUE(lease.has(DhcpOddity::GatewayOffLink));
}

TEST(DhcpLease, AHostRouteLeaseReachesItsGateway) {
    DhcpLease lease = Ack().option(1, "\xff\xff\xff\xff").option(3, "\x0a\0\2\1"s).lease();
    EXPECT_EQ(lease.prefix_length, 32);
    EXPECT_TRUE(lease.has(DhcpOddity::GatewayOffLink));
}

TEST(DhcpLease, LeavesOutAGatewayThatIsNone) {
    for (std::string bad : {"\xff\xff\xff\xff"s, "\x7f\0\0\1"s, "\xe0\0\0\1"s, "\x0a\0\2\x0f"s}) {
        DhcpLease lease = Ack().option(1, kMask24).option(3, bad).lease();
        EXPECT_TRUE(lease.gateway.is_unspecified());
        EXPECT_TRUE(lease.has(DhcpOddity::GatewayUnusable));
    }
}

TEST(DhcpLease, ClasslessRoutesReplaceTheRouter) {
    DhcpLease lease =
        Ack().option(1, kMask24).option(3, "\x0a\0\2\1"s).option(121, "\x18\xc0\xa8\5\x0a\0\2\6\0\x0a\0\2\7"s).lease();
    EXPECT_EQ(lease.gateway, Ipv4Address(10, 0, 2, 7));
    ASSERT_EQ(lease.route_count, 1);
    EXPECT_EQ(lease.routes[0].destination, Ipv4Address(192, 168, 5, 0));
}

TEST(DhcpLease, ClasslessRoutesWithoutADefaultMeanNoGateway) {
    DhcpLease lease = Ack().option(1, kMask24).option(3, "\x0a\0\2\1"s).option(249, "\x08\x0a\x0a\0\2\6"s).lease();
    EXPECT_TRUE(lease.gateway.is_unspecified());
    EXPECT_EQ(lease.route_count, 1);
}

TEST(DhcpLease, BoundsTheNumberOfRoutes) {
    std::string routes;
    for (int i = 0; i < 40; ++i) routes += "\x08\x0a\x0a\0\2\6"s;
    EXPECT_EQ(Ack().option(121, routes).lease().route_count, DhcpLease::kMaximumRoutes);
}

TEST(DhcpLease, ReadsTheSearchListWithItsPointers) {
    // RFC 3397's example: eng.apple.com, marketing.apple.com.
    DhcpLease lease = Ack().option(119, "\3eng\5apple\3com\0\x09marketing\xc0\4"s).lease();
    EXPECT_EQ(lease.search.view(), "eng.apple.com marketing.apple.com");
}

TEST(DhcpLease, KeepsToSaneTimes) {
    DhcpLease brief = Ack().option(51, "\0\0\0\0"s).lease();
    EXPECT_EQ(brief.duration.s(), 60);
    DhcpLease mixed = Ack().option(51, "\0\0\x0e\x10"s).option(58, "\0\1\0\0"s).option(59, "\0\2\0\0"s).lease();
    EXPECT_LE(mixed.renewal, mixed.rebinding);
    EXPECT_LT(mixed.rebinding, mixed.duration);
    EXPECT_EQ(Ack().lease().duration.s(), DhcpLease::kForever);
}

TEST(DhcpLease, FallsBackOnTheSenderAsServer) {
    DhcpLease lease = Ack().lease();
    EXPECT_EQ(lease.server, Ipv4Address(10, 0, 2, 2));
    EXPECT_TRUE(lease.has(DhcpOddity::ServerUnnamed));
}

TEST(DhcpLease, AnyAddressOfATinySubnetIsAHost) {
    EXPECT_EQ(unusable_lease(Ack({10, 0, 0, 1}).option(1, "\xff\xff\xff\xfe").message()), nullptr);
    EXPECT_NE(unusable_lease(Ack({10, 0, 0, 3}).option(1, "\xff\xff\xff\xfc").message()), nullptr);
}

}  // namespace
}  // namespace net
