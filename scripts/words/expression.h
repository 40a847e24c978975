// Whole numbers in scripts: "calc" and "is" read an expression of them.
//
// 64 bits with a sign; a result that does not fit is a failure, never another number. Numbers are decimal or 0x hexadecimal.
// Operators, those that bind tightest first; all go from left to right:
//     - ~ (of one number)   * / %   + -   << >>   &   ^   |   == != < <= > >=
// Bits bind tighter than comparisons, unlike in C, as "is ${flags} & 4 == 4" says. A comparison is 1 or 0, and is not compared
// again without parentheses. Blanks may be left out.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "util/result.h"

namespace scripts {

inline constexpr util::Failure kNumberExpected{util::code::kScript + 200, "a number is missing here"};
inline constexpr util::Failure kOperatorExpected{util::code::kScript + 201, "an operator is missing here"};
inline constexpr util::Failure kParenthesisExpected{util::code::kScript + 202, "a closing parenthesis is missing here"};
inline constexpr util::Failure kNumberOverflow{util::code::kScript + 203, "the number does not fit into 64 bits"};
inline constexpr util::Failure kDivisionByZero{util::code::kScript + 204, "division by zero"};
inline constexpr util::Failure kBadShift{util::code::kScript + 205, "a shift is by 0 to 63 bits"};
inline constexpr util::Failure kExpressionTooDeep{util::code::kScript + 206, "too many parentheses within one another"};

// Takes what it reads off the front of `text`; after a failure `text` begins where it is wrong.
util::Result<std::int64_t> evaluate(std::string_view& text);
// A number as evaluate() reads it, perhaps with a minus. nullopt: it is none, or too large.
std::optional<std::int64_t> parse_signed(std::string_view text);

}  // namespace scripts
