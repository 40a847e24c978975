// SCSI commands as they are on the wire, answers, and sense data in both formats.
#include <gtest/gtest.h>

#include "san/scsi_commands.h"
#include "san/scsi_sense.h"
#include "tests/unit/san/fake_target.h"

namespace {

using san::ScsiCdb;
using san::Transfer;

TEST(Scsi, ReadsWith10BytesWhereTheyReach) {
    EXPECT_EQ(san::cdb_transfer(Transfer::Read, 0x01020304, 0x0506), (ScsiCdb{0x28, 0, 1, 2, 3, 4, 0, 5, 6}));
    EXPECT_EQ(san::cdb_transfer(Transfer::Write, 0xffffffff, 1)[0], 0x2a);
}
TEST(Scsi, ReadsWith16BytesBeyond) {
    EXPECT_EQ(san::cdb_transfer(Transfer::Read, 0x0102030405060708, 0x0a0b0c0d),
              (ScsiCdb{0x88, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0x0a, 0x0b, 0x0c, 0x0d}));
    EXPECT_EQ(san::cdb_transfer(Transfer::Write, 0xffffffff, 2)[0], 0x8a);
    EXPECT_EQ(san::cdb_transfer(Transfer::Write, 0, 0x10000)[0], 0x8a);
}
TEST(Scsi, KnowsThatCapacityIsTooLargeFor10Bytes) {
    std::uint8_t answer[] = {0xff, 0xff, 0xff, 0xff, 0, 0, 2, 0};
    EXPECT_TRUE(san::parse_capacity_10(std::as_bytes(std::span(answer)))->too_large);
    answer[3] = 0xfe;
    EXPECT_EQ(san::parse_capacity_10(std::as_bytes(std::span(answer)))->blocks, 0xffffffffu);
    EXPECT_FALSE(san::parse_capacity_10(std::as_bytes(std::span(answer)).first(7)));
}
TEST(Scsi, ReadsFixedSense) {
    auto sense = san::parse_sense(util::as_bytes(fake::fixed_sense(3, 0x11, 0x04, 1234)));
    EXPECT_EQ(sense.key, san::SenseKey::MediumError);
    EXPECT_EQ(sense.code(), 0x1104);
    EXPECT_TRUE(sense.has_information);
    EXPECT_EQ(sense.information, 1234u);
}
TEST(Scsi, ReadsDescriptorSense) {
    const std::uint8_t data[] = {0x72, 0x03, 0x11, 0x00, 0, 0, 0, 12, 0x00, 10, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 2};
    auto sense = san::parse_sense(std::as_bytes(std::span(data)));
    EXPECT_EQ(sense.key, san::SenseKey::MediumError);
    EXPECT_EQ(sense.code(), 0x1100);
    EXPECT_TRUE(sense.has_information);
    EXPECT_EQ(sense.information, 0x1'0000'0002u);
}
TEST(Scsi, TakesTruncatedSenseForWhatItIs) {
    std::string whole = fake::fixed_sense(5, 0x24, 0, 7);
    for (std::size_t size = 0; size < whole.size(); ++size) (void)san::parse_sense(util::as_bytes(whole.substr(0, size)));
    EXPECT_EQ(san::parse_sense({}).key, san::SenseKey::NoSense);
    EXPECT_EQ(san::parse_sense(util::as_bytes(whole.substr(0, 8))).key, san::SenseKey::IllegalRequest);
}
TEST(Scsi, HasWordsForSense) {
    EXPECT_STREQ(san::sense_key_text(san::SenseKey::IllegalRequest), "illegal request");
    EXPECT_STREQ(san::sense_key_text(static_cast<san::SenseKey>(13)), "unknown sense key");
    EXPECT_STREQ(san::additional_sense_text(0x25, 0), "LUN not supported");
    EXPECT_EQ(san::additional_sense_text(0x99, 0x99), nullptr);
}
TEST(Scsi, KnowsAUnitByItsOwnDesignatorsOnly) {
    // A designator of the unit, then one of the port, which differs from path to path.
    std::uint8_t page[] = {0, 0x83, 0, 14, 1, 1, 0, 2, 'a', 'b', 1, 0x11, 0, 4, 0, 0, 0, 1};
    auto bytes = std::as_bytes(std::span(page));
    std::uint32_t first = san::identity_of_page(0x83, bytes);
    EXPECT_NE(first, 0u);
    page[17] = 2;
    EXPECT_EQ(san::identity_of_page(0x83, bytes), first);
    page[8] = 'x';
    EXPECT_NE(san::identity_of_page(0x83, bytes), first);
    EXPECT_EQ(san::identity_of_page(0x80, bytes), 0u);
    for (std::size_t size = 0; size < bytes.size(); ++size) (void)san::identity_of_page(0x83, bytes.first(size));
}

}  // namespace
