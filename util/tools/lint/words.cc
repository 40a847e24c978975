#include "util/tools/lint/words.h"

#include <algorithm>

#include "util/text.h"

namespace lint {

namespace {

// Calls text(part) and value(name) for what is outside of expansions, and for the outermost ones, in order.
template <class OnText, class OnValue>
void split(std::string_view word, OnText on_text, OnValue on_value) {
    for (;;) {
        std::size_t begin = word.find("${");
        on_text(word.substr(0, begin));
        if (begin == word.npos) return;
        word.remove_prefix(begin + 2);
        std::size_t depth = 1, at = 0;
        for (; at < word.size() && depth; ++at) {
            if (word[at] == '}') --depth;
            if (word.substr(at).starts_with("${")) ++depth;
        }
        bool closed = depth == 0;
        on_value(Expansion{word.substr(0, at - closed), closed});
        word.remove_prefix(at);
    }
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string without_digits(std::string_view text) {
    std::string result;
    for (char c : text)
        if (!is_digit(c)) result += c;
    return result;
}

}  // namespace

std::vector<Expansion> expansions(std::string_view word) {
    std::vector<Expansion> found;
    split(word, [](std::string_view) {}, [&](Expansion expansion) {
        found.push_back(expansion);
        for (Expansion inner : expansions(expansion.name)) found.push_back(inner);
    });
    return found;
}

bool has_template_mark(std::string_view word) {
    for (std::string_view mark : {"{{", "}}", "{%", "%}", "<%", "%>"})
        if (word.find(mark) != word.npos) {
            // "${${x}}" ends with what looks like a mark.
            std::string plain = with_values(word, "");
            if (plain.find(mark) != plain.npos) return true;
        }
    return false;
}

bool is_dynamic(std::string_view word) { return word.find("${") != word.npos || has_template_mark(word); }

std::string with_values(std::string_view word, std::string_view value) {
    std::string text;
    split(word, [&](std::string_view part) { text += part; }, [&](Expansion) { text += value; });
    return text;
}

std::string_view sole_setting(std::string_view word) {
    if (!word.starts_with("${") || !word.ends_with('}')) return {};
    std::string_view name = word.substr(2, word.size() - 3);
    return name.find_first_of("${}") == name.npos ? name : std::string_view();
}

bool could_be(std::string_view word, std::string_view text) {
    if (has_template_mark(word)) return true;
    std::vector<std::string_view> parts;  // what is between the expansions, in order
    split(word, [&](std::string_view part) { parts.push_back(part); }, [](Expansion) {});
    if (parts.size() < 2) return word == text;
    if (!text.starts_with(parts[0])) return false;
    text.remove_prefix(parts[0].size());
    for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
        std::size_t at = text.find(parts[i]);
        if (at == text.npos) return false;
        text.remove_prefix(at + parts[i].size());
    }
    return text.ends_with(parts.back());
}

unsigned distance(std::string_view a, std::string_view b, unsigned limit) {
    std::size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
    if (difference >= limit) return limit;
    std::vector<unsigned> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<unsigned>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        unsigned diagonal = row[0];
        row[0] = static_cast<unsigned>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            unsigned replaced = diagonal + (util::to_lower(a[i - 1]) != util::to_lower(b[j - 1]));
            diagonal = row[j];
            row[j] = std::min(replaced, std::min(row[j], row[j - 1]) + 1);
        }
    }
    return std::min(row[b.size()], limit);
}

std::string_view nearest(std::string_view name, const std::vector<std::string_view>& names) {
    if (name.size() < 5 || name.size() > 64) {
        for (std::string_view other : names)
            if (other != name && util::equal_ignoring_case(other, name)) return other;
        return {};
    }
    std::string_view best;
    unsigned least = name.size() < 9 ? 2 : 3;
    std::string letters = without_digits(name);
    for (std::string_view other : names) {
        if (other == name || without_digits(other) == letters) continue;
        unsigned away = distance(name, other, least);
        if (away >= least) continue;
        least = away;
        best = other;
    }
    return best;
}

}  // namespace lint
