// Whole-number expressions: what they are, and what they are not.
#include "scripts/words/expression.h"

#include <gtest/gtest.h>

namespace scripts {
namespace {

std::int64_t value(std::string_view text) {
    auto result = evaluate(text);
    EXPECT_TRUE(result.ok()) << text << ": " << (result.ok() ? "" : result.failure().text);
    return result.ok() ? result.value() : -999;
}

// The failure, and what is left of the text where it is.
std::pair<const util::Failure*, std::string> wrong(std::string_view text) {
    auto result = evaluate(text);
    EXPECT_FALSE(result.ok()) << result.value();
    return {result.ok() ? nullptr : &result.failure(), std::string(text)};
}

TEST(Expression, IsANumber) {
    EXPECT_EQ(value("0"), 0);
    EXPECT_EQ(value(" 42 "), 42);
    EXPECT_EQ(value("0x1f"), 31);
    EXPECT_EQ(value("-7"), -7);
    EXPECT_EQ(value("- - 7"), 7);
    EXPECT_EQ(value("~0"), -1);
    EXPECT_EQ(value("9223372036854775807"), INT64_MAX);
    EXPECT_EQ(value("-9223372036854775808"), INT64_MIN);
    EXPECT_EQ(value("0x7fffffffffffffff"), INT64_MAX);
}

TEST(Expression, BindsOperatorsAsArithmeticDoes) {
    EXPECT_EQ(value("1 + 2 * 3"), 7);
    EXPECT_EQ(value("(1+2)*3"), 9);
    EXPECT_EQ(value("10 - 4 - 3"), 3);
    EXPECT_EQ(value("100 / 7 % 4"), 2);
    EXPECT_EQ(value("-7 / 2"), -3);
    EXPECT_EQ(value("-7 % 2"), -1);
    EXPECT_EQ(value("2 - -3"), 5);
    EXPECT_EQ(value("2 -3"), -1);
    EXPECT_EQ(value("1 << 4 + 1"), 32);
    EXPECT_EQ(value("-8 >> 1"), -4);
    EXPECT_EQ(value("6 & 3 | 8 ^ 1"), 11);
    EXPECT_EQ(value("-2 * -(3 + 4)"), 14);
}

TEST(Expression, ComparesLastOfAll) {
    EXPECT_EQ(value("2 + 2 == 4"), 1);
    EXPECT_EQ(value("12 & 4 == 4"), 1);
    EXPECT_EQ(value("9 < 10"), 1);
    EXPECT_EQ(value("10 <= 9"), 0);
    EXPECT_EQ(value("-1 > 1"), 0);
    EXPECT_EQ(value("3 >= 3"), 1);
    EXPECT_EQ(value("3 != 3"), 0);
    EXPECT_EQ(value("(1 < 2) + (2 < 3)"), 2);
    EXPECT_EQ(wrong("1 < 2 < 3"), std::pair(&kOperatorExpected, std::string("< 3")));
}

TEST(Expression, SaysWhatIsWrongAndWhere) {
    EXPECT_EQ(wrong(""), std::pair(&kNumberExpected, std::string()));
    EXPECT_EQ(wrong("1 +"), std::pair(&kNumberExpected, std::string()));
    EXPECT_EQ(wrong("1 + net0 * 2"), std::pair(&kNumberExpected, std::string("net0 * 2")));
    EXPECT_EQ(wrong("1 2"), std::pair(&kOperatorExpected, std::string("2")));
    EXPECT_EQ(wrong("(1 + 2"), std::pair(&kParenthesisExpected, std::string()));
    EXPECT_EQ(wrong("1)"), std::pair(&kOperatorExpected, std::string(")")));
    EXPECT_EQ(wrong("52:54"), std::pair(&kOperatorExpected, std::string(":54")));
    EXPECT_EQ(wrong("12ab"), std::pair(&kNumberExpected, std::string("12ab")));
}

TEST(Expression, NeverWrapsAround) {
    EXPECT_EQ(wrong("9223372036854775808").first, &kNumberOverflow);
    EXPECT_EQ(wrong("0x8000000000000000").first, &kNumberOverflow);
    EXPECT_EQ(wrong("9223372036854775807 + 1"), std::pair(&kNumberOverflow, std::string("+ 1")));
    EXPECT_EQ(wrong("-9223372036854775808 - 1").first, &kNumberOverflow);
    EXPECT_EQ(wrong("4294967296 * 4294967296").first, &kNumberOverflow);
    EXPECT_EQ(wrong("-(-9223372036854775808)").first, &kNumberOverflow);
    EXPECT_EQ(wrong("-9223372036854775808 / -1").first, &kNumberOverflow);
    EXPECT_EQ(value("-9223372036854775808 % -1"), 0);
    EXPECT_EQ(wrong("1 << 63").first, &kNumberOverflow);
    EXPECT_EQ(value("1 << 62"), std::int64_t{1} << 62);
    EXPECT_EQ(wrong("1 << 64").first, &kBadShift);
    EXPECT_EQ(wrong("1 >> -1").first, &kBadShift);
    EXPECT_EQ(wrong("5 / 0"), std::pair(&kDivisionByZero, std::string("/ 0")));
    EXPECT_EQ(wrong("5 % (3 - 3)").first, &kDivisionByZero);
}

TEST(Expression, BoundsWhatIsWithinOneAnother) {
    EXPECT_EQ(value(std::string(10, '(') + "1" + std::string(10, ')')), 1);
    EXPECT_EQ(wrong(std::string(100000, '(')).first, &kExpressionTooDeep);
    EXPECT_EQ(wrong(std::string(100000, '~')).first, &kExpressionTooDeep);
    std::string sum = "1";
    for (int i = 1; i < 10000; ++i) sum += "+1";
    EXPECT_EQ(value(sum), 10000);
}

}  // namespace
}  // namespace scripts
