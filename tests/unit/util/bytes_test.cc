#include <gtest/gtest.h>

#include "util/bytes.h"
#include "util/result.h"
#include "util/text.h"
#include "util/vector.h"

namespace util {

TEST(Reader, YieldsZerosPastTheEndAndRemembers) {
    const std::byte data[] = {std::byte{1}, std::byte{2}, std::byte{3}};
    Reader reader(data);
    EXPECT_EQ(reader.be16(), 0x0102);
    EXPECT_TRUE(reader.ok());
    EXPECT_EQ(reader.be32(), 0u);
    EXPECT_FALSE(reader.ok());
    EXPECT_EQ(reader.u8(), 0);
    EXPECT_EQ(reader.remaining(), 0u);
}

TEST(Reader, ReadsBothByteOrders) {
    const std::byte data[] = {std::byte{1}, std::byte{2}, std::byte{1}, std::byte{2}};
    Reader reader(data);
    EXPECT_EQ(reader.be16(), 0x0102);
    EXPECT_EQ(reader.le16(), 0x0201);
}

TEST(Writer, RefusesWhatDoesNotFit) {
    std::byte buffer[3];
    Writer writer(buffer);
    writer.be16(0xabcd);
    writer.be16(1);
    EXPECT_FALSE(writer.ok());
    EXPECT_EQ(writer.size(), 2u);
    EXPECT_EQ(buffer[0], std::byte{0xab});
}

TEST(Text, FormatsNumbersAndCutsOff) {
    Text<64> text;
    std::string_view view = "there";
    text.format("%s %v %d %u %04x %lu%%", "hi", &view, -7, 42u, 0x1fu, std::uint64_t{5000000000});
    EXPECT_EQ(text.view(), "hi there -7 42 001f 5000000000%");
    Text<4> small;
    small.text("hello");
    EXPECT_EQ(small.view(), "hell");
    EXPECT_TRUE(small.truncated());
    text.clear();
    EXPECT_EQ(text.format("%ld %ld", std::int64_t{INT64_MIN}, std::int64_t{7}).view(), "-9223372036854775808 7");
}

TEST(Text, ParsesIntegersWhole) {
    EXPECT_EQ(parse_integer("0x1F"), 31u);
    EXPECT_EQ(parse_integer("18446744073709551615"), UINT64_MAX);
    EXPECT_FALSE(parse_integer("18446744073709551616"));
    EXPECT_FALSE(parse_integer("12a"));
    EXPECT_FALSE(parse_integer(""));
}

static Result<int> half(int n) {
    if (n % 2) return kInvalid;
    return n / 2;
}
static Result<int> quarter(int n) { return TRY(half(TRY(half(n)))); }

TEST(Result, TryReturnsTheFailureToTheCaller) {
    EXPECT_EQ(quarter(8).value(), 2);
    EXPECT_EQ(&quarter(6).failure(), &kInvalid);
}

TEST(String, GrowsAndKeepsItsBytes) {
    String string;
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(string.append("ab").ok());
    EXPECT_EQ(string.size(), 200u);
    EXPECT_EQ(string.view().substr(198), "ab");
}

}  // namespace util
