// Words of a script before they are expanded: which parts are known while reading it, and which only when it runs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lint {

// "${...}" in a word: what is between the braces, with what is nested in it, and whether a "}" was missing.
struct Expansion {
    std::string_view name;
    bool closed = true;
};

// All expansions in a word, those within others too, in the order in which they begin.
std::vector<Expansion> expansions(std::string_view word);
// Whether what the word says is known only when the script runs. So are marks of template languages: {{...}}, {%...%}, <%...%>.
bool is_dynamic(std::string_view word);
bool has_template_mark(std::string_view word);
// The word with each of its outermost expansions in place of which `value` stands.
std::string with_values(std::string_view word, std::string_view value);
// The setting's name, if the word is one expansion and nothing else; else empty.
std::string_view sole_setting(std::string_view word);
// Whether a word that is only known when the script runs could be this text.
bool could_be(std::string_view word, std::string_view text);

// Case-insensitive edit distance of two names: `limit` when it is at least that.
unsigned distance(std::string_view a, std::string_view b, unsigned limit);
// The nearest name, if one is so near that a person may have meant it; else empty. Names that differ in digits alone are
// meant to differ.
std::string_view nearest(std::string_view name, const std::vector<std::string_view>& names);

}  // namespace lint
