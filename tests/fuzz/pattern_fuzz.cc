// Any bytes as a pattern (the first line) and as a text, against a matcher that tries everything.
#include <array>
#include <cstdint>

#include "scripts/words/pattern.h"
#include "util/text.h"

namespace {

// Element by element, with all choices for a star; for short texts only.
bool matches_slowly(std::string_view pattern, std::string_view text, scripts::LetterCase letter_case) {
    if (pattern.empty()) return text.empty();
    if (pattern[0] == '*') {
        for (std::size_t taken = 0; taken <= text.size(); ++taken)
            if (matches_slowly(pattern.substr(1), text.substr(taken), letter_case)) return true;
        return false;
    }
    std::size_t length = 1;
    if (pattern[0] == '[') length = pattern.find(']', pattern.size() > 1 && (pattern[1] == '!' || pattern[1] == '^') ? 3 : 2) + 1;
    auto element = scripts::Pattern::parse(pattern.substr(0, length), letter_case);
    return !text.empty() && element.value().matches(text.substr(0, 1), {}) && matches_slowly(pattern.substr(length), text.substr(1), letter_case);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto input = util::split_first({reinterpret_cast<const char*>(data), size}, '\n');
    for (auto letter_case : {scripts::LetterCase::Heeded, scripts::LetterCase::Ignored}) {
        auto pattern = scripts::Pattern::parse(input.before, letter_case);
        if (!pattern.ok()) return 0;
        std::array<std::string_view, 4> stars;
        bool matches = pattern.value().matches(input.after, stars);
        if (input.after.size() <= 12 && pattern.value().stars() <= 4)
            ASSERT(matches == matches_slowly(input.before, input.after, letter_case));
        util::String result;
        (void)pattern.value().replace(input.after, input.before, 4096, result);
    }
    return 0;
}
