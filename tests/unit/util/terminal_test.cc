#include <gtest/gtest.h>
#include <platform/console.h>

#include <string_view>
#include <vector>

#include "util/ansi_parser.h"
#include "util/chacha.h"
#include "util/key_decoder.h"

namespace {

std::vector<int> decode(std::string_view bytes) {
    util::KeyDecoder decoder;
    std::vector<int> keys;
    auto add = [&](util::KeyDecoder::Keys more) { keys.insert(keys.end(), more.key, more.key + more.count); };
    for (char c : bytes) add(decoder.feed(static_cast<std::uint8_t>(c)));
    add(decoder.flush());
    EXPECT_FALSE(decoder.waiting());
    return keys;
}
using Keys = std::vector<int>;

TEST(KeyDecoder, PassesPlainBytes) { EXPECT_EQ(decode("a\x02\r"), (Keys{'a', 2, '\r'})); }
TEST(KeyDecoder, TurnsDeleteIntoBackspace) { EXPECT_EQ(decode("\x7f"), (Keys{8})); }
TEST(KeyDecoder, KnowsArrowsInBothCursorModes) {
    EXPECT_EQ(decode("\x1b[A\x1bOB\x1b[C\x1b[D"),
              (Keys{platform::kKeyUp, platform::kKeyDown, platform::kKeyRight, platform::kKeyLeft}));
}
TEST(KeyDecoder, KnowsNumberedKeys) {
    EXPECT_EQ(decode("\x1b[1~\x1b[2~\x1b[3~\x1b[4~\x1b[5~\x1b[6~"),
              (Keys{platform::kKeyHome, platform::kKeyInsert, platform::kKeyDelete, platform::kKeyEnd,
                    platform::kKeyPageUp, platform::kKeyPageDown}));
}
TEST(KeyDecoder, KnowsFunctionKeys) {
    EXPECT_EQ(decode("\x1bOP\x1b[15~\x1b[17~\x1b[21~\x1b[24~"),
              (Keys{platform::kKeyF1, platform::kKeyF1 + 4, platform::kKeyF1 + 5, platform::kKeyF1 + 9,
                    platform::kKeyF1 + 11}));
}
TEST(KeyDecoder, IgnoresModifiers) { EXPECT_EQ(decode("\x1b[1;5A"), (Keys{platform::kKeyUp})); }
TEST(KeyDecoder, TellsF3FromWhereTheCursorIs) { EXPECT_EQ(decode("\x1bOR\x1b[R\x1b[1;2R\x1b[24;80Rq"), (Keys{platform::kKeyF1 + 2, platform::kKeyF1 + 2, platform::kKeyF1 + 2, 'q'})); }
TEST(KeyDecoder, GivesALoneEscapeOnFlush) { EXPECT_EQ(decode("\x1b"), (Keys{0x1b})); }
TEST(KeyDecoder, GivesEscapeAndTheKeyThatFollows) { EXPECT_EQ(decode("\x1bx"), (Keys{0x1b, 'x'})); }
TEST(KeyDecoder, SwallowsWhatItDoesNotKnow) { EXPECT_EQ(decode("\x1b[99~\x1b[?25hq"), (Keys{'q'})); }

TEST(AnsiParser, TellsTextFromCommands) {
    util::AnsiParser parser;
    std::string shown, commands;
    for (char c : std::string_view("a\x1b[1;31mb\x1b[Kc")) {
        auto event = parser.feed(c);
        if (event == util::AnsiParser::Event::Character) shown += c;
        if (event == util::AnsiParser::Event::Command) commands += parser.command();
    }
    EXPECT_EQ(shown, "abc");
    EXPECT_EQ(commands, "mK");
}

TEST(AnsiParser, KeepsParametersAndKnowsMissingOnes) {
    util::AnsiParser parser;
    for (char c : std::string_view("\x1b[;12H")) parser.feed(c);
    EXPECT_EQ(parser.count(), 2u);
    EXPECT_EQ(parser.parameter(0, 7), 7u);
    EXPECT_EQ(parser.parameter(1, 7), 12u);
    EXPECT_EQ(parser.parameter(2, 7), 7u);
}

TEST(AnsiParser, BoundsParametersInNumberAndSize) {
    util::AnsiParser parser;
    for (char c : std::string_view("\x1b[999999;1;2;3;4;5;6;7;8;9m")) parser.feed(c);
    EXPECT_EQ(parser.count(), util::AnsiParser::kMaxParameters);
    EXPECT_LE(parser.parameter(0, 0), 9999u);
}

TEST(Chacha, MatchesTheRfc) {  // RFC 8439 section 2.3.2
    util::ChachaState input{};
    std::copy(util::kChachaConstants.begin(), util::kChachaConstants.end(), input.begin());
    for (std::uint32_t i = 0; i < 8; ++i) input[4 + i] = 0x03020100 + 0x04040404 * i;
    input[12] = 1;
    input[13] = 0x09000000;
    input[14] = 0x4a000000;
    util::ChachaState output = util::chacha_block(input);
    EXPECT_EQ(output[0], 0xe4e7f110u);
    EXPECT_EQ(output[7], 0x4e6cd4c3u);
    EXPECT_EQ(output[15], 0x4e3c50a2u);
}

}  // namespace
