// Patterns, as shells have them for file names: "match" and "replace" read them.
//
//     *      any text, none as well, and as little as will do
//     ?      any character
//     [a-z]  one of these; [!a-z] or [^a-z] one but these; "]" may come first, and [*] is a star
// All else stands for itself. No recursion and no going back: what a pattern takes grows with its length times the text's, and its
// length is bounded.
#pragma once

#include <span>
#include <string_view>

#include "util/result.h"
#include "util/vector.h"

namespace scripts {

inline constexpr util::Failure kUnclosedSet{util::code::kScript + 210, "a [ has no ]"};
inline constexpr util::Failure kPatternTooLong{util::code::kScript + 211, "the pattern is too long"};
inline constexpr util::Failure kStarInReplace{util::code::kScript + 212, "what is to be replaced has no *: write [*] for a star"};
inline constexpr util::Failure kEmptyPattern{util::code::kScript + 213, "the pattern is empty"};
inline constexpr util::Failure kTextTooLong{util::code::kScript + 214, "the text becomes too long"};

enum class LetterCase : std::uint8_t { Heeded, Ignored };

class Pattern {
  public:
    static constexpr std::size_t kLongest = 256;

    // A view of the text. Failure: kUnclosedSet, kPatternTooLong.
    static util::Result<Pattern> parse(std::string_view text, LetterCase letter_case);

    // Whether it is the whole text. What the stars stood for, first to last, as far as there is room.
    bool matches(std::string_view text, std::span<std::string_view> stars) const;
    std::size_t stars() const { return stars_; }
    // Appends the text with the replacement for every place where the pattern is. Failure: kStarInReplace, kEmptyPattern,
    // kTextTooLong, out of memory.
    util::Result<void> replace(std::string_view text, std::string_view replacement, std::size_t longest, util::String& result) const;

  private:
    Pattern(std::string_view text, LetterCase letter_case) : text_(text), case_(letter_case) {}
    std::string_view text_;
    std::size_t stars_ = 0;
    LetterCase case_;
};

}  // namespace scripts
