#include "net/checksum.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "tests/unit/net/stack_fixture.h"

namespace net {
namespace {

// RFC 1071 section 1, word by word.
std::uint16_t plain_checksum(util::Bytes data) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < data.size(); ++i)
        sum += std::to_integer<std::uint32_t>(data[i]) << (i % 2 ? 0 : 8);
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

TEST(Checksum, IsTheOneOfRfc1071) {
    const std::uint8_t example[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};  // section 3: sum ddf2
    EXPECT_EQ(checksum_of(std::as_bytes(std::span(example))), 0x220d);
}

TEST(Checksum, AgreesWithThePlainOneForEveryLengthAndAlignment) {
    std::mt19937 random(1);
    std::vector<std::byte> data(300);
    for (auto& byte : data) byte = static_cast<std::byte>(random());
    for (std::size_t begin = 0; begin < 8; ++begin)
        for (std::size_t size = 0; size + begin <= data.size(); ++size) {
            util::Bytes piece = util::Bytes(data).subspan(begin, size);
            ASSERT_EQ(checksum_of(piece), plain_checksum(piece)) << begin << " " << size;
        }
}

TEST(Checksum, CarriesAreNotLost) {
    std::vector<std::byte> ones(2048, std::byte{0xff});
    for (std::size_t size : {2u, 3u, 32u, 33u, 64u, 2047u, 2048u})
        EXPECT_EQ(checksum_of(util::Bytes(ones).first(size)), plain_checksum(util::Bytes(ones).first(size)));
}

TEST(Checksum, SumsOfPiecesAddUp) {
    std::vector<std::byte> data(101);
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::byte>(i * 37);
    std::uint32_t sum = checksum_add(checksum_add(0, util::Bytes(data).first(38)), util::Bytes(data).subspan(38));
    EXPECT_EQ(checksum_field(sum), checksum_of(data));
}

TEST(Checksum, PseudoHeaderIsThatOfRfc768) {
    const std::uint8_t pseudo[] = {10, 0, 0, 1, 192, 168, 255, 3, 0, 17, 0x12, 0x34};
    std::uint32_t sum = checksum_add_pseudo_header(0, Ipv4Address(10, 0, 0, 1), Ipv4Address(192, 168, 255, 3), 17, 0x1234);
    EXPECT_EQ(checksum_field(sum), plain_checksum(std::as_bytes(std::span(pseudo))));
}

TEST(Checksum, WhatWasLeftForTheNicIsCompletedInSoftware) {
    TestPool pool;
    Packet packet = pool.pool().allocate();
    Frame udp = udp_bytes(1000, 2000, "hello");
    std::copy(udp.begin(), udp.end(), packet.append(udp.size()).begin());
    auto* header = util::view_as<UdpHeader>(packet.data());
    std::uint32_t pseudo = checksum_add_pseudo_header(0, Ipv4Address(10, 0, 0, 1), Ipv4Address(10, 0, 0, 2), 17, 13);
    header->checksum = checksum_partial(pseudo);
    packet.buffer().checksum = Checksum::Offload;
    packet.buffer().checksum_start = 0;
    packet.buffer().checksum_offset = offsetof(UdpHeader, checksum);
    complete_checksum(packet);
    EXPECT_EQ(packet.buffer().checksum, Checksum::Unknown);
    EXPECT_EQ(checksum_field(checksum_add(pseudo, packet.data())), 0);
}

}  // namespace
}  // namespace net
