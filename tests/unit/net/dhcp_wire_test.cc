#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/wire/dhcp.h"

namespace net {
namespace {

using namespace std::string_literals;

struct Raw {
    DhcpHeader header;
    std::string options;
    Raw() {
        header.op = kBootReply;
        header.htype = kHardwareEthernet;
        header.hlen = 6;
    }
    std::string bytes() const {
        std::string text(reinterpret_cast<const char*>(&header), sizeof header);
        return text + "\x63\x82\x53\x63" + options;
    }
    std::optional<DhcpMessage> parse() const { return parse_dhcp(util::as_bytes(bytes())); }
};

std::string option(int tag, std::string value) {
    return std::string{static_cast<char>(tag), static_cast<char>(value.size())} + value;
}
std::string found(const DhcpMessage& message, std::string_view path) {
    auto value = message.options.find(path);
    return value ? std::string(util::as_text(*value)) : "(absent)";
}

TEST(DhcpWire, WrittenMessageReadsBack) {
    std::byte buffer[1024];
    DhcpHeader header = Raw().header;
    header.xid = 0x12345678;
    DhcpWriter writer(buffer, header);
    writer.option_u8(dhcp_option::kMessageType, 2);
    writer.option(dhcp_option::kServerIdentifier, Ipv4Address(10, 0, 2, 2));
    std::string path(300, 'p');
    writer.option(dhcp_option::kRootPath, path);
    auto message = parse_dhcp(writer.finish());
    ASSERT_TRUE(message);
    EXPECT_EQ(message->type, DhcpMessageType::Offer);
    EXPECT_EQ(message->header.xid, 0x12345678u);
    EXPECT_EQ(message->options.address(dhcp_option::kServerIdentifier), Ipv4Address(10, 0, 2, 2));
    EXPECT_EQ(message->options.text(dhcp_option::kRootPath), path);
}

TEST(DhcpWire, ShortMessagesArePaddedForOldRelays) {
    std::byte buffer[400];
    EXPECT_EQ(DhcpWriter(buffer, DhcpHeader{}).finish().size(), 300u);
}

TEST(DhcpWire, WriterTellsWhenItDoesNotFit) {
    std::byte buffer[320];
    DhcpWriter writer(buffer, DhcpHeader{});
    writer.option(17, std::string_view("a root path that is far too long to fit in what is left here, which is not much; "
                                       "indeed it is only 79 bytes"));
    EXPECT_TRUE(writer.finish().empty());
}

TEST(DhcpWire, JoinsThePartsOfALongOption) {
    Raw raw;
    raw.options = option(17, "abc") + option(12, "host") + option(17, "def") + "\xff"s;
    auto message = raw.parse();
    ASSERT_TRUE(message);
    EXPECT_EQ(found(*message, "17"), "abcdef");
    EXPECT_EQ(found(*message, "12"), "host");
}

TEST(DhcpWire, FollowsOverloadIntoFileThenSname) {
    Raw raw;
    raw.options = option(52, "\3") + option(17, "1") + "\xff"s;
    std::string file = option(17, "2") + option(67, "boot.0") + "\xff", sname = option(17, "3") + option(66, "server") + "\xff";
    memcpy(raw.header.file, file.data(), file.size());
    memcpy(raw.header.sname, sname.data(), sname.size());
    auto message = raw.parse();
    ASSERT_TRUE(message);
    EXPECT_EQ(found(*message, "17"), "123");
    EXPECT_EQ(message->filename(), "boot.0");
    EXPECT_EQ(message->server_name(), "server");
}

TEST(DhcpWire, TakesTheFileFieldBeforeOption67) {
    Raw raw;
    raw.options = option(67, "other\0\0"s) + "\xff";
    EXPECT_EQ(raw.parse()->filename(), "other");
    strcpy(raw.header.file, "boot.ipxe");
    EXPECT_EQ(raw.parse()->filename(), "boot.ipxe");
    memset(raw.header.file, 'x', sizeof raw.header.file);
    EXPECT_EQ(raw.parse()->filename(), std::string(128, 'x'));
}

TEST(DhcpWire, FindsEncapsulatedOptionsByPath) {
    Raw raw;
    raw.options = option(175, option(8, "\1") + option(190, option(3, "deep"))) + option(43, "") + "\xff";
    auto message = raw.parse();
    EXPECT_EQ(found(*message, "175.8"), "\1");
    EXPECT_EQ(found(*message, "175.190.3"), "deep");
    EXPECT_EQ(found(*message, "43"), "");
    for (auto path : {"175.9", "43.1", "175.", ".8", "0", "255", "256", "x", "175.8.1.1.1.1", "-1"})
        EXPECT_EQ(found(*message, path), "(absent)") << path;
}

TEST(DhcpWire, StopsAtAnOptionThatIsCutOff) {
    Raw raw;
    raw.options = option(1, "\xff\xff\xff\0"s) + "\3\4ab"s;
    auto message = raw.parse();
    ASSERT_TRUE(message);
    EXPECT_EQ(message->options.address(1), Ipv4Address(255, 255, 255, 0));
    EXPECT_EQ(found(*message, "3"), "(absent)");
}

TEST(DhcpWire, TakesAPacketFullOfEmptyOptions) {
    Raw raw;
    for (int i = 1; i < 255; ++i) raw.options += option(i, i == 53 ? "\2" : "");
    for (int i = 0; i < 400; ++i) raw.options += option(9, "");
    auto message = raw.parse();
    ASSERT_TRUE(message);
    EXPECT_EQ(found(*message, "254"), "");
}

TEST(DhcpWire, RefusesWhatIsNoDhcpMessageForEthernet) {
    Raw raw;
    std::string good = raw.bytes();
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(parse_dhcp(util::as_bytes(std::string_view(good).substr(0, size))));
    EXPECT_TRUE(parse_dhcp(util::as_bytes(good)));
    raw.header.hlen = 16;
    EXPECT_FALSE(raw.parse());
    raw = Raw();
    raw.options = option(53, "");
    EXPECT_FALSE(raw.parse());
    raw.options = option(53, "\2\2");
    EXPECT_FALSE(raw.parse());
}

TEST(DhcpWire, ReadsClasslessRoutes) {
    // RFC 3442: 10.0.0.0/8, 10.17.0.0/16, default, and a host.
    std::string text = "\x08\x0a\1\1\1\1"s + "\x10\x0a\x11\2\2\2\2"s + "\0\3\3\3\3"s + "\x20\1\2\3\4\0\0\0\0"s;
    util::Reader reader(util::as_bytes(text));
    std::vector<DhcpRoute> routes;
    while (auto route = take_dhcp_route(reader)) routes.push_back(*route);
    ASSERT_EQ(routes.size(), 4u);
    EXPECT_EQ(routes[0].destination, Ipv4Address(10, 0, 0, 0));
    EXPECT_EQ(routes[1].destination, Ipv4Address(10, 17, 0, 0));
    EXPECT_EQ(routes[2].prefix_length, 0);
    EXPECT_EQ(routes[2].router, Ipv4Address(3, 3, 3, 3));
    EXPECT_EQ(routes[3].destination, Ipv4Address(1, 2, 3, 4));
}

TEST(DhcpWire, EndsAtAMalformedRoute) {
    for (std::string text : {"\x21\1\2\3\4\1\1\1\1"s, "\x08\x0a\1\1"s, "\x18"s}) {
        util::Reader reader(util::as_bytes(text));
        EXPECT_FALSE(take_dhcp_route(reader));
    }
}

}  // namespace
}  // namespace net
