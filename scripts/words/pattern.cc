#include "scripts/words/pattern.h"

#include <algorithm>

#include "util/text.h"

namespace scripts {

namespace {

// Of "[...]" at the front, in bytes; 0: it has no end.
std::size_t set_length(std::string_view pattern) {
    std::size_t first = pattern.size() > 1 && (pattern[1] == '!' || pattern[1] == '^') ? 2 : 1;
    std::size_t end = pattern.find(']', first + 1);
    return end == pattern.npos ? 0 : end + 1;
}

std::size_t element_length(std::string_view pattern) { return pattern[0] == '[' ? set_length(pattern) : 1; }

bool is_within(unsigned char c, char first, char last) {
    return c >= static_cast<unsigned char>(first) && c <= static_cast<unsigned char>(last);
}

bool is_in_set(std::string_view set, char c, LetterCase letter_case) {
    bool is_negated = set[1] == '!' || set[1] == '^';
    set = set.substr(1 + is_negated, set.size() - 2 - is_negated);
    char lower = util::to_lower(c);
    char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    bool found = false;
    while (!set.empty() && !found) {
        bool is_range = set.size() > 2 && set[1] == '-';
        char first = set[0], last = is_range ? set[2] : first;
        set.remove_prefix(is_range ? 3 : 1);
        found = is_within(static_cast<unsigned char>(c), first, last);
        if (letter_case == LetterCase::Ignored)
            found = found || is_within(static_cast<unsigned char>(lower), first, last) ||
                    is_within(static_cast<unsigned char>(upper), first, last);
    }
    return found != is_negated;
}

// A part of a pattern between stars: it stands for as many characters as it has elements.
class Piece {
  public:
    Piece(std::string_view pattern, LetterCase letter_case) : pattern_(pattern), case_(letter_case) {
        for (; !pattern.empty(); pattern.remove_prefix(element_length(pattern))) ++width_;
    }
    std::size_t width() const { return width_; }

    bool is_at(std::string_view text) const {
        if (text.size() < width_) return false;
        std::string_view pattern = pattern_;
        for (std::size_t i = 0; i < width_; ++i) {
            std::size_t length = element_length(pattern);
            if (!fits(pattern.substr(0, length), text[i])) return false;
            pattern.remove_prefix(length);
        }
        return true;
    }
    // Where it is first; npos: nowhere.
    std::size_t find(std::string_view text) const {
        for (std::size_t at = 0; at + width_ <= text.size(); ++at)
            if (is_at(text.substr(at))) return at;
        return text.npos;
    }

  private:
    bool fits(std::string_view element, char c) const {
        if (element[0] == '?') return true;
        if (element[0] == '[') return is_in_set(element, c, case_);
        return c == element[0] || (case_ == LetterCase::Ignored && util::to_lower(c) == util::to_lower(element[0]));
    }
    std::string_view pattern_;
    LetterCase case_;
    std::size_t width_ = 0;
};

// The pattern up to its first star.
std::string_view before_star(std::string_view pattern) {
    std::size_t end = 0;
    while (end < pattern.size() && pattern[end] != '*') end += element_length(pattern.substr(end));
    return pattern.substr(0, end);
}

}  // namespace

util::Result<Pattern> Pattern::parse(std::string_view text, LetterCase letter_case) {
    if (text.size() > kLongest) return kPatternTooLong;
    Pattern pattern(text, letter_case);
    while (!text.empty()) {
        pattern.stars_ += text[0] == '*';
        std::size_t length = element_length(text);
        if (!length) return kUnclosedSet;
        text.remove_prefix(length);
    }
    return pattern;
}

// Each piece is taken where it comes first, which leaves most text to those that follow; but the last, which is at the end.
bool Pattern::matches(std::string_view text, std::span<std::string_view> stars) const {
    std::string_view pattern = text_, piece_text = before_star(pattern);
    Piece first(piece_text, case_);
    if (!first.is_at(text)) return false;
    text.remove_prefix(first.width());
    if (!stars_) return text.empty();
    for (std::size_t star = 0;; ++star) {
        pattern.remove_prefix(piece_text.size() + 1);
        piece_text = before_star(pattern);
        Piece piece(piece_text, case_);
        bool is_last = star + 1 == stars_;
        if (text.size() < piece.width()) return false;
        std::size_t at = is_last ? text.size() - piece.width() : piece.find(text);
        if (at == text.npos || (is_last && !piece.is_at(text.substr(at)))) return false;
        if (star < stars.size()) stars[star] = text.substr(0, at);
        if (is_last) return true;
        text.remove_prefix(at + piece.width());
    }
}

util::Result<void> Pattern::replace(std::string_view text, std::string_view replacement, std::size_t longest,
                                    util::String& result) const {
    if (stars_) return kStarInReplace;
    if (text_.empty()) return kEmptyPattern;
    Piece piece(text_, case_);
    for (;;) {
        std::size_t at = std::min(piece.find(text), text.size());
        TRY(result.append(text.substr(0, at)));
        if (result.size() > longest) return kTextTooLong;
        if (at == text.size()) return {};
        TRY(result.append(replacement));
        text.remove_prefix(at + piece.width());
    }
}

}  // namespace scripts
