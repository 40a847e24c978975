#include "scripts/words/expression.h"

#include <algorithm>

#include "util/text.h"

namespace scripts {

namespace {

enum class Operator : std::uint8_t {
    Multiply, Divide, Remainder, Add, Subtract, ShiftLeft, ShiftRight, And, Xor, Or,
    Equal, NotEqual, LessOrEqual, GreaterOrEqual, Less, Greater,
};

struct OperatorRow {
    const char* text;
    Operator what;
    std::uint8_t binds;  // how tightly
};

constexpr std::uint8_t kComparison = 1;

// An operator that begins like another comes first.
constexpr OperatorRow kOperators[] = {
    {"<<", Operator::ShiftLeft, 5},      {">>", Operator::ShiftRight, 5},
    {"==", Operator::Equal, kComparison}, {"!=", Operator::NotEqual, kComparison},
    {"<=", Operator::LessOrEqual, kComparison}, {">=", Operator::GreaterOrEqual, kComparison},
    {"<", Operator::Less, kComparison},  {">", Operator::Greater, kComparison},
    {"*", Operator::Multiply, 7},        {"/", Operator::Divide, 7},
    {"%", Operator::Remainder, 7},       {"+", Operator::Add, 6},
    {"-", Operator::Subtract, 6}, {"&", Operator::And, 4},
    {"^", Operator::Xor, 3},             {"|", Operator::Or, 2},
};

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Digits, that is: one that cannot be read is too large.
bool looks_like_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    bool is_hex = text.size() > 2 && text[0] == '0' && util::to_lower(text[1]) == 'x';
    if (is_hex) text.remove_prefix(2);
    for (char c : text)
        if (is_hex ? util::hex_digit(c) < 0 : c < '0' || c > '9') return false;
    return !text.empty();
}

using Number = util::Result<std::int64_t>;

Number apply(Operator what, std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    bool overflows = false;
    switch (what) {
    case Operator::Add: overflows = __builtin_add_overflow(a, b, &result); break;
    case Operator::Subtract: overflows = __builtin_sub_overflow(a, b, &result); break;
    case Operator::Multiply: overflows = __builtin_mul_overflow(a, b, &result); break;
    case Operator::Divide:
    case Operator::Remainder:
        if (!b) return kDivisionByZero;
        // The one quotient that is too large; processors trap on it.
        if (b == -1) return apply(Operator::Subtract, 0, what == Operator::Divide ? a : 0);
        return what == Operator::Divide ? a / b : a % b;
    case Operator::ShiftLeft:
    case Operator::ShiftRight:
        if (b < 0 || b > 63) return kBadShift;
        if (what == Operator::ShiftRight) return a >> b;
        result = static_cast<std::int64_t>(static_cast<std::uint64_t>(a) << b);
        overflows = result >> b != a;
        break;
    case Operator::And: return a & b;
    case Operator::Xor: return a ^ b;
    case Operator::Or: return a | b;
    case Operator::Equal: return a == b;
    case Operator::NotEqual: return a != b;
    case Operator::LessOrEqual: return a <= b;
    case Operator::GreaterOrEqual: return a >= b;
    case Operator::Less: return a < b;
    case Operator::Greater: return a > b;
    }
    if (overflows) return kNumberOverflow;
    return result;
}

class Evaluation {
  public:
    explicit Evaluation(std::string_view& text) : rest_(text) {}

    // As far as operators bind at least that tightly.
    Number binary(unsigned lowest) {
        if (depth_ == kDeepest) return kExpressionTooDeep;
        ++depth_;
        std::int64_t value = TRY(operand());
        for (;;) {
            const OperatorRow* row = peek_operator();
            if (!row || row->binds < lowest) break;
            std::string_view at = rest_;
            rest_.remove_prefix(std::string_view(row->text).size());
            Number result = apply(row->what, value, TRY(binary(row->binds + 1u)));
            if (!result.ok()) rest_ = at;
            value = TRY(std::move(result));
            if (row->binds == kComparison) lowest = kComparison + 1;
        }
        --depth_;
        return value;
    }
    std::string_view skip_blanks() {
        while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
        return rest_;
    }

  private:
    // Of parentheses, and operators that bind tighter than the one before.
    static constexpr unsigned kDeepest = 64;

    const OperatorRow* peek_operator() {
        skip_blanks();
        for (const OperatorRow& row : kOperators)
            if (rest_.starts_with(row.text)) return &row;
        return nullptr;
    }

    // A number or parentheses, behind any number of signs.
    Number operand() {
        skip_blanks();
        char first = rest_.empty() ? '\0' : rest_.front();
        if (first == '-' || first == '~') {
            std::size_t length = number_length(1);
            if (first == '-' && length) return number(1 + length);
            rest_.remove_prefix(1);
            if (depth_ == kDeepest) return kExpressionTooDeep;
            ++depth_;
            std::int64_t value = TRY(operand());
            --depth_;
            return first == '~' ? Number(~value) : apply(Operator::Subtract, 0, value);
        }
        if (first == '(') {
            rest_.remove_prefix(1);
            std::int64_t value = TRY(binary(0));
            if (!skip_blanks().starts_with(')')) return kParenthesisExpected;
            rest_.remove_prefix(1);
            return value;
        }
        return number(number_length(0));
    }

    std::size_t number_length(std::size_t from) const {
        std::size_t end = from;
        while (end < rest_.size() && is_word(rest_[end])) ++end;
        return end - from;
    }

    // With its sign, so that the smallest number can be written.
    Number number(std::size_t length) {
        std::string_view text = rest_.substr(0, length);
        auto value = parse_signed(text);
        if (!value) return looks_like_number(text) ? kNumberOverflow : kNumberExpected;
        rest_.remove_prefix(length);
        return *value;
    }

    std::string_view& rest_;
    unsigned depth_ = 0;
};

}  // namespace

std::optional<std::int64_t> parse_signed(std::string_view text) {
    bool negative = text.starts_with('-');
    auto magnitude = util::parse_integer(text.substr(negative));
    if (!magnitude || *magnitude > std::uint64_t{INT64_MAX} + negative) return std::nullopt;
    return static_cast<std::int64_t>(negative ? 0 - *magnitude : *magnitude);
}

Number evaluate(std::string_view& text) {
    Evaluation evaluation(text);
    std::int64_t value = TRY(evaluation.binary(0));
    if (!evaluation.skip_blanks().empty()) return kOperatorExpected;
    return value;
}

}  // namespace scripts
