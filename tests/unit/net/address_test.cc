#include "net/address.h"

#include <gtest/gtest.h>

namespace net {
namespace {

TEST(Address, DottedQuadsAreReadAndWritten) {
    EXPECT_EQ(Ipv4Address::parse("10.0.2.15"), Ipv4Address(10, 0, 2, 15));
    EXPECT_EQ(Ipv4Address::parse("255.255.255.255"), Ipv4Address::broadcast());
    EXPECT_EQ(to_text(Ipv4Address(192, 168, 100, 255)).view(), "192.168.100.255");
    EXPECT_EQ(to_text(Ipv4Address()).view(), "0.0.0.0");
}

TEST(Address, AnythingElseIsNoDottedQuad) {
    for (const char* text : {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1..2.3", "1.2.3.4 ", "a.b.c.d", "1.2.3.-4", "0001.2.3.4",
                             "1.2.3.4."})
        EXPECT_FALSE(Ipv4Address::parse(text)) << text;
}

TEST(Address, NetmaskHasAPrefixLengthWhenItsOnesAreContiguous) {
    EXPECT_EQ(prefix_length(Ipv4Address(255, 255, 255, 0)), 24u);
    EXPECT_EQ(prefix_length(Ipv4Address()), 0u);
    EXPECT_EQ(prefix_length(Ipv4Address::broadcast()), 32u);
    EXPECT_FALSE(prefix_length(Ipv4Address(255, 0, 255, 0)));
}

TEST(Address, MacIsWrittenWithColonsAndCompared) {
    MacAddress mac{{0x52, 0x54, 0, 0x12, 0x34, 0x56}};
    EXPECT_EQ(to_text(mac).view(), "52:54:00:12:34:56");
    for (auto& octet : mac.octets) {
        MacAddress other = mac;
        octet ^= 0x80;
        EXPECT_NE(mac, other);
        octet ^= 0x80;
    }
}

}  // namespace
}  // namespace net
