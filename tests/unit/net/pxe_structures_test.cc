#include "net/pxe/pxe_structures.h"

#include <gtest/gtest.h>

namespace net {
namespace {

template <class T>
unsigned byte_sum(const T& structure) {
    unsigned sum = 0;
    for (std::byte byte : std::as_bytes(std::span(&structure, 1))) sum += std::to_integer<unsigned>(byte);
    return sum & 0xff;
}

TEST(PxeStructures, AreWhatProgramsCheckForBeforeTheyUseThem) {
    pxe::BangPxe bang_pxe;
    pxe::PxenvPlus pxenv;
    describe_pxe({0x9a00, 0x1800, 0x9b80, 0x2000, 0xb0, 0xc0, 0x10}, bang_pxe, pxenv);
    EXPECT_EQ(std::string_view(bang_pxe.signature, 4), "!PXE");
    EXPECT_EQ(bang_pxe.length, 0x58);
    EXPECT_EQ(byte_sum(bang_pxe), 0u);
    EXPECT_EQ(bang_pxe.entry_16.linear(), 0x9a0b0u);
    EXPECT_EQ(bang_pxe.segment_count, 7);
    EXPECT_EQ(bang_pxe.undi_code.segment, 0x9a00);
    EXPECT_EQ(bang_pxe.undi_code.physical, 0x9a000u);
    EXPECT_EQ(bang_pxe.undi_code.size, 0x1800);
    EXPECT_EQ(bang_pxe.undi_data.physical, 0x9b800u);
    EXPECT_EQ(bang_pxe.base_code.size, 0) << "unloading the base code frees nothing";

    EXPECT_EQ(std::string_view(pxenv.signature, 6), "PXENV+");
    EXPECT_EQ(pxenv.length, 0x2c);
    EXPECT_EQ(pxenv.version, 0x0201);
    EXPECT_EQ(byte_sum(pxenv), 0u);
    EXPECT_EQ(pxenv.entry.linear(), 0x9a0c0u);
    EXPECT_EQ(pxenv.bang_pxe.linear(), 0x9a010u);
    EXPECT_EQ(pxenv.undi_code_segment, 0x9a00);
}

}  // namespace
}  // namespace net
