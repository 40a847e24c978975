#include "net/wire/pxe_options.h"

#include <gtest/gtest.h>

namespace net {
namespace {

using namespace std::string_literals;

DhcpMessage message_with(const std::string& inside, std::string_view vendor = "PXEClient") {
    std::byte buffer[1000];
    DhcpWriter writer(buffer, {.op = kBootReply, .htype = 1, .hlen = 6});
    writer.option(60, vendor);
    if (!inside.empty()) writer.option(43, std::string_view(inside));
    return parse_dhcp(writer.finish()).value();
}

TEST(PxeOptions, AreReadAll) {
    DhcpMessage message = message_with(
        "\x06\x01\x0b\x07\x04\xe0\0\1\2\x08\x07\0\5\1\x0a\0\0\1\x09\x07\0\5\4four\x0a\x04\x05hi\0\x47\x04\0\5\0\0\xff"s);
    PxeOptions options = read_pxe_options(message);
    EXPECT_TRUE(options.any);
    EXPECT_EQ(options.control, 11);
    EXPECT_EQ(options.multicast, Ipv4Address(224, 0, 1, 2));
    EXPECT_TRUE(options.has_prompt);
    EXPECT_EQ(options.timeout, 5);
    EXPECT_EQ(options.prompt, "hi");
    ASSERT_TRUE(options.item);
    EXPECT_EQ(options.item->type, 5u);
    PxeMenuWalker menu(options.menu);
    ASSERT_TRUE(menu.next());
    EXPECT_EQ(menu.type(), 5u);
    EXPECT_EQ(menu.text(), "four");
    EXPECT_FALSE(menu.next());
    PxeServerWalker servers(options.servers);
    ASSERT_TRUE(servers.next());
    EXPECT_EQ(servers.type(), 5u);
    ASSERT_EQ(servers.count(), 1u);
    EXPECT_EQ(servers.address(0), Ipv4Address(10, 0, 0, 1));
    EXPECT_FALSE(servers.next());
}

TEST(PxeOptions, AreSomebodyElsesWithoutTheVendorClass) {
    EXPECT_FALSE(read_pxe_options(message_with("\x06\x01\x0b"s, "MSFT")).any);
    EXPECT_FALSE(read_pxe_options(message_with("\x74\x01\x0b"s)).any);
    EXPECT_TRUE(read_pxe_options(message_with("\x06\x01\x0b"s, "PXEClient:Arch")).any);
}

TEST(PxeOptions, EndWhereAListIsCutOff) {
    DhcpMessage message = message_with("\x08\x06\0\5\2\x0a\0\0\x09\x06\0\5\x09" "four"s);
    PxeOptions options = read_pxe_options(message);
    EXPECT_FALSE(PxeServerWalker(options.servers).next());
    EXPECT_FALSE(options.has_menu());
}

TEST(PxeOptions, SayWhoseAnswersCount) {
    DhcpMessage message = message_with("\x06\x01\x04\x08\x0a\0\5\1\x0a\0\0\1\0\6\0"s);
    PxeOptions options = read_pxe_options(message);
    EXPECT_TRUE(options.accepts(5, Ipv4Address(10, 0, 0, 1)));
    EXPECT_FALSE(options.accepts(5, Ipv4Address(10, 0, 0, 2)));
    EXPECT_TRUE(options.accepts(6, Ipv4Address(10, 0, 0, 2)));
    EXPECT_FALSE(options.accepts(7, Ipv4Address(10, 0, 0, 1)));
    options.control = 0;
    EXPECT_TRUE(options.accepts(7, Ipv4Address(10, 0, 0, 1)));
}

}  // namespace
}  // namespace net
