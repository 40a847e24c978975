// Text keys, binary values, CHAP and CRC32C against the standards' own examples.
#include "san/iscsi_text.h"

#include <gtest/gtest.h>

#include "san/chap.h"
#include "san/crc32c.h"

namespace {

using san::TextKey;
using san::TextKeyReader;
using namespace std::string_view_literals;

std::string walk(std::string_view text) {
    std::string all;
    TextKeyReader reader(text);
    for (TextKey key; reader.next(key);) all += std::string(key.name) + ">" + std::string(key.value) + ";";
    return all + (reader.ok() ? "" : "bad");
}

TEST(IscsiText, WalksKeys) {
    EXPECT_EQ(walk("A=1\0B=two=2\0C=\0"sv), "A>1;B>two=2;C>;");
    EXPECT_EQ(walk(""), "");
}
TEST(IscsiText, TakesAMissingLastNulAndExtraOnes) {
    EXPECT_EQ(walk("A=1\0B=2"sv), "A>1;B>2;");
    EXPECT_EQ(walk("A=1\0\0\0B=2\0\0\0"sv), "A>1;B>2;");
}
TEST(IscsiText, RefusesWhatIsNoKey) {
    EXPECT_EQ(walk("A=1\0junk\0B=2\0"sv), "A>1;bad");
    EXPECT_EQ(walk("=1\0"sv), "bad");
    EXPECT_EQ(walk(std::string(64, 'k') + "=1"), "bad");
}
TEST(IscsiText, WritesKeys) {
    san::TextKeyWriter writer;
    writer.add("A", "x");
    writer.add("N", 262144u);
    std::byte bytes[] = {std::byte{0x0a}, std::byte{0xff}};
    writer.add_hex("H", bytes);
    EXPECT_EQ(writer.text(), "A=x\0N=262144\0H=0x0aff\0"sv);
    EXPECT_TRUE(writer.ok());
}
TEST(IscsiText, FindsItemsInLists) {
    EXPECT_TRUE(san::list_contains("CRC32C,None", "None"));
    EXPECT_TRUE(san::list_contains("None", "None"));
    EXPECT_FALSE(san::list_contains("NoneSuch,CRC32C", "None"));
    EXPECT_FALSE(san::list_contains("", "None"));
}

std::string decode(std::string_view value, std::size_t room = 64) {
    std::byte buffer[64];
    auto bytes = san::decode_binary(value, util::MutableBytes(buffer).first(room));
    return bytes ? std::string(util::as_text(*bytes)) : "(bad)";
}
TEST(IscsiText, DecodesHex) {
    EXPECT_EQ(decode("0x414243"), "ABC");
    EXPECT_EQ(decode("0X4a4B"), "JK");
    EXPECT_EQ(decode("0x141"), "\x01" "A");
    for (auto bad : {"", "0", "0x", "41", "0x4g", "0y41"}) EXPECT_EQ(decode(bad), "(bad)") << bad;
    EXPECT_EQ(decode("0x414243", 2), "(bad)");
}
TEST(IscsiText, DecodesBase64) {
    EXPECT_EQ(decode("0bQUJD"), "ABC");
    EXPECT_EQ(decode("0bQUI="), "AB");
    EXPECT_EQ(decode("0bQQ=="), "A");
    EXPECT_EQ(decode("0BQQ"), "A");
    for (auto bad : {"0b", "0b====", "0bQ", "0bQ!=="}) EXPECT_EQ(decode(bad), "(bad)") << bad;
    EXPECT_EQ(decode("0bQUJD", 2), "(bad)");
}
TEST(IscsiText, ReadsNumbersInBothBases) {
    EXPECT_EQ(san::decode_number("65536"), 65536u);
    EXPECT_EQ(san::decode_number("0x10000"), 65536u);
    for (auto bad : {"", "-1", "4294967296", "1k", "0x"}) EXPECT_FALSE(san::decode_number(bad)) << bad;
}

// MD5 of the identifier, the secret and the challenge in a row: computed with an independent program.
TEST(Chap, AnswersAChallenge) {
    auto response = san::chap_response('i', "secret", util::as_bytes("challenge"));
    std::string text;
    for (std::byte b : response) text += "0123456789abcdef"[static_cast<int>(b) >> 4], text += "0123456789abcdef"[static_cast<int>(b) & 15];
    EXPECT_EQ(text, "bd3bc03a3dffc19a445114dbe886b13d");
}

// RFC 7143 appendix A.4.
TEST(Crc32c, HasTheStandardsValues) {
    auto crc = [](auto fill) {
        std::byte data[32];
        for (unsigned i = 0; i < 32; ++i) data[i] = static_cast<std::byte>(fill(i));
        san::Crc32c sum;
        sum.update(util::Bytes(data).first(11));
        sum.update(util::Bytes(data).subspan(11));
        std::uint8_t wire[4];
        util::Le32 value = sum.wire();
        std::memcpy(wire, &value, 4);
        return std::uint32_t{wire[0]} << 24 | wire[1] << 16 | wire[2] << 8 | wire[3];
    };
    EXPECT_EQ(crc([](unsigned) { return 0u; }), 0xaa36918au);
    EXPECT_EQ(crc([](unsigned) { return 0xffu; }), 0x43aba862u);
    EXPECT_EQ(crc([](unsigned i) { return i; }), 0x4e79dd46u);
    EXPECT_EQ(crc([](unsigned i) { return 31 - i; }), 0x5cdb3f11u);
}

}  // namespace
