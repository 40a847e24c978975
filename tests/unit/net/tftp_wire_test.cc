#include <gtest/gtest.h>

#include <string>

#include "net/wire/tftp.h"

namespace net {
namespace {

using namespace std::string_literals;

// What is parsed points into the packet, which lives here.
std::optional<TftpPacket> parse(const std::string& text) {
    static std::string packet;
    packet = text;
    return parse_tftp(util::as_bytes(packet));
}

TEST(TftpWire, RequestNamesFileModeAndOptions) {
    std::byte buffer[128];
    util::Bytes request = write_tftp_request(buffer, "a/b", {.block_size = 1468, .window_size = 8, .transfer_size = 0});
    EXPECT_EQ(util::as_text(request), "\0\1a/b\0octet\0blksize\0001468\0tsize\0000\0windowsize\0008\0"s);
}

TEST(TftpWire, RequestRefusesWhatItCannotCarry) {
    std::byte buffer[16];
    EXPECT_TRUE(write_tftp_request(buffer, "a name that is too long", {}).empty());
    EXPECT_TRUE(write_tftp_request(buffer, "a\0b"s, {}).empty());
}

TEST(TftpWire, ReadsData) {
    auto packet = parse("\0\3\1\2hello"s);
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->opcode, TftpOpcode::Data);
    EXPECT_EQ(packet->block, 0x102);
    EXPECT_EQ(util::as_text(packet->data), "hello");
}

TEST(TftpWire, ReadsErrorsWithOrWithoutTheFinalNul) {
    EXPECT_EQ(parse("\0\5\0\1File not found\0"s)->text, "File not found");
    EXPECT_EQ(parse("\0\5\0\1File not found"s)->text, "File not found");
    EXPECT_EQ(parse("\0\5\0\1"s)->error, 1);
}

TEST(TftpWire, ReadsOptionsWithoutCase) {
    auto packet = parse("\0\6BLKSIZE\0001024\0tsize\0005000000000\0other\0x\0"s);
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->options.block_size, 1024);
    EXPECT_EQ(packet->options.transfer_size, 5000000000u);
    EXPECT_FALSE(packet->options.window_size);
}

TEST(TftpWire, RefusesMalformedPackets) {
    for (std::string text : {""s, "\0"s, "\0\3"s, "\0\3\0"s, "\0\5\0"s, "\0\1x\0octet\0"s, "\0\7\0\0"s, "\0\6blksize"s,
                             "\0\6blksize\0"s, "\0\6blksize\0001x\0"s, "\0\6blksize\00065536\0"s})
        EXPECT_FALSE(parse(text)) << testing::PrintToString(text);
}

}  // namespace
}  // namespace net
