#include "scripts/words/flow.h"

#include <algorithm>

#include "scripts/words/expression.h"

namespace scripts {

namespace {

struct Range {
    std::int64_t first, last;
};

std::optional<Range> parse_range(std::string_view text) {
    std::size_t dots = text.find("..");
    if (dots == text.npos) return std::nullopt;
    auto first = parse_signed(text.substr(0, dots)), last = parse_signed(text.substr(dots + 2));
    if (!first || !last) return std::nullopt;
    return Range{*first, *last};
}

constexpr std::string_view kBlanks = " \t\r\n";

}  // namespace

util::Result<bool> Loop::take(util::String& value) {
    while (!in_range_) {
        std::string_view rest = values_.view().substr(taken_);
        rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
        if (rest.empty()) return false;
        std::string_view word = rest.substr(0, rest.find_first_of(kBlanks));
        taken_ = values_.size() - rest.size() + word.size();
        auto range = parse_range(word);
        if (!range) {
            TRY(value.append(word));
            return true;
        }
        in_range_ = range->first <= range->last;
        next_ = range->first;
        last_ = range->last;
    }
    util::Text<24> text;
    TRY(value.append(text.format("%ld", next_).view()));
    in_range_ = next_ != last_;
    if (in_range_) ++next_;
    return true;
}

}  // namespace scripts
