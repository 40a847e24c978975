// Patterns: what they match, what stars stand for, what is replaced.
#include "scripts/words/pattern.h"

#include <gtest/gtest.h>

namespace scripts {
namespace {

bool matches(std::string_view pattern, std::string_view text, LetterCase letter_case = LetterCase::Heeded) {
    auto parsed = Pattern::parse(pattern, letter_case);
    EXPECT_TRUE(parsed.ok()) << pattern;
    return parsed.value().matches(text, {});
}

std::vector<std::string> stars(std::string_view pattern, std::string_view text) {
    std::array<std::string_view, 8> found;
    auto parsed = Pattern::parse(pattern, LetterCase::Heeded).take();
    EXPECT_TRUE(parsed.matches(text, found)) << pattern;
    return {found.begin(), found.begin() + static_cast<std::ptrdiff_t>(parsed.stars())};
}

std::string replaced(std::string_view pattern, std::string_view text, std::string_view replacement) {
    util::String result;
    EXPECT_TRUE(Pattern::parse(pattern, LetterCase::Heeded).take().replace(text, replacement, 4096, result).ok());
    return std::string(result.view());
}

TEST(Pattern, IsTheWholeText) {
    EXPECT_TRUE(matches("abc", "abc"));
    EXPECT_FALSE(matches("abc", "abcd"));
    EXPECT_FALSE(matches("abc", "ab"));
    EXPECT_TRUE(matches("", ""));
    EXPECT_FALSE(matches("", "a"));
}

TEST(Pattern, HasStarsForAnyText) {
    EXPECT_TRUE(matches("*", ""));
    EXPECT_TRUE(matches("*.iso", "debian.iso"));
    EXPECT_TRUE(matches("a*b*c", "abc"));
    EXPECT_TRUE(matches("a*b*c", "axxbyybzzc"));
    EXPECT_FALSE(matches("a*b*c", "axxcyyb"));
    EXPECT_FALSE(matches("ab*ba", "aba"));
    EXPECT_TRUE(matches("**", "x"));
    EXPECT_TRUE(matches("*aab", "aaab"));
}

TEST(Pattern, HasQuestionMarksAndSetsForOneCharacter) {
    EXPECT_TRUE(matches("net?", "net0"));
    EXPECT_FALSE(matches("net?", "net"));
    EXPECT_TRUE(matches("[a-c]x[0-9]", "bx7"));
    EXPECT_FALSE(matches("[!a-c]", "b"));
    EXPECT_TRUE(matches("[^a-c]", "d"));
    EXPECT_TRUE(matches("[]]", "]"));
    EXPECT_TRUE(matches("[!]]", "x"));
    EXPECT_TRUE(matches("[*][?][[]", "*?["));
    EXPECT_TRUE(matches("[a-]", "-"));
    EXPECT_TRUE(matches("]", "]"));
    EXPECT_TRUE(matches("[\x80-\xff]", "\xe4"));
}

TEST(Pattern, IgnoresCaseWhenAsked) {
    EXPECT_FALSE(matches("dell*", "Dell Inc."));
    EXPECT_TRUE(matches("dell*", "Dell Inc.", LetterCase::Ignored));
    EXPECT_TRUE(matches("[A-F]?", "bz", LetterCase::Ignored));
    EXPECT_FALSE(matches("[!A-F]", "b", LetterCase::Ignored));
}

TEST(Pattern, TellsWhatStarsStandForTakingLittle) {
    EXPECT_EQ(stars("*://*/*", "http://server/a/b"), (std::vector<std::string>{"http", "server", "a/b"}));
    EXPECT_EQ(stars("*.*", "a.b.c"), (std::vector<std::string>{"a", "b.c"}));
    EXPECT_EQ(stars("*-", "--"), (std::vector<std::string>{"-"}));
    EXPECT_EQ(stars("***", "x"), (std::vector<std::string>{"", "", "x"}));
}

TEST(Pattern, RefusesWhatIsNone) {
    EXPECT_EQ(&Pattern::parse("a[b", LetterCase::Heeded).failure(), &kUnclosedSet);
    EXPECT_EQ(&Pattern::parse("[]", LetterCase::Heeded).failure(), &kUnclosedSet);
    EXPECT_EQ(&Pattern::parse("[!]", LetterCase::Heeded).failure(), &kUnclosedSet);
    EXPECT_EQ(&Pattern::parse(std::string(257, 'a'), LetterCase::Heeded).failure(), &kPatternTooLong);
}

TEST(Pattern, ReplacesEveryPlace) {
    EXPECT_EQ(replaced(":", "52:54:00", "-"), "52-54-00");
    EXPECT_EQ(replaced("[!a-z]", "a b.c", ""), "abc");
    EXPECT_EQ(replaced("aa", "aaaaa", "b"), "bba");
    EXPECT_EQ(replaced("x", "abc", "y"), "abc");
    EXPECT_EQ(replaced("x", "", "y"), "");
    EXPECT_EQ(replaced("o", "foo", "oo"), "foooo");
}

TEST(Pattern, BoundsWhatReplacingMakes) {
    util::String result;
    auto pattern = Pattern::parse("a", LetterCase::Heeded).take();
    EXPECT_EQ(&pattern.replace(std::string(60000, 'a'), std::string(60000, 'b'), 4096, result).failure(), &kTextTooLong);
    EXPECT_LT(result.size(), 70000u);
    EXPECT_EQ(&Pattern::parse("a*", LetterCase::Heeded).take().replace("a", "b", 9, result).failure(), &kStarInReplace);
    EXPECT_EQ(&Pattern::parse("", LetterCase::Heeded).take().replace("a", "b", 9, result).failure(), &kEmptyPattern);
}

TEST(Pattern, TakesTimeByLengthOnly) {
    std::string pattern;
    for (int i = 0; i < 80; ++i) pattern += "*a?";
    EXPECT_FALSE(matches(pattern + "b", std::string(60000, 'a')));
}

}  // namespace
}  // namespace scripts
