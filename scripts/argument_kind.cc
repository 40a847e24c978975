#include "scripts/argument_kind.h"

#include <algorithm>

namespace scripts {

namespace {

struct Named {
    const char* name;
    ArgumentKind kind;
};

constexpr Named kPlaceholders[] = {
    {"address", ArgumentKind::Text},
    {"argument or path in the initrd", ArgumentKind::Text},
    {"argument", ArgumentKind::Text},
    {"basic", ArgumentKind::Text},
    {"bit", ArgumentKind::Text},
    {"bits", ArgumentKind::Text},
    {"bytes", ArgumentKind::Text},
    {"colour", ArgumentKind::Text},
    {"command", ArgumentKind::Command},
    {"configurator", ArgumentKind::Configurator},
    {"drive", ArgumentKind::Drive},
    {"expression", ArgumentKind::Text},
    {"form", ArgumentKind::Menu},
    {"host", ArgumentKind::Text},
    {"id", ArgumentKind::Text},
    {"image", ArgumentKind::Image},
    {"interface", ArgumentKind::Interface},
    {"item", ArgumentKind::Item},
    {"key", ArgumentKind::Text},
    {"label", ArgumentKind::Label},
    {"length", ArgumentKind::Text},
    {"list", ArgumentKind::Parameters},
    {"menu", ArgumentKind::Menu},
    {"ms", ArgumentKind::Text},
    {"name", ArgumentKind::Text},
    {"number", ArgumentKind::Text},
    {"pair", ArgumentKind::Text},
    {"path", ArgumentKind::Text},
    {"pattern", ArgumentKind::Text},
    {"pixels", ArgumentKind::Text},
    {"priority", ArgumentKind::Text},
    {"replacement", ArgumentKind::Text},
    {"rgb", ArgumentKind::Text},
    {"scope", ArgumentKind::Scope},
    {"seconds", ArgumentKind::Text},
    {"server", ArgumentKind::Text},
    {"setting", ArgumentKind::Setting},
    {"signature", ArgumentKind::UriOrImage},
    {"start", ArgumentKind::Text},
    {"status", ArgumentKind::Text},
    {"text", ArgumentKind::Text},
    {"title", ArgumentKind::Text},
    {"type", ArgumentKind::Text},
    {"uri or image", ArgumentKind::UriOrImage},
    {"uri", ArgumentKind::Uri},
    {"value or range", ArgumentKind::Text},
    {"value", ArgumentKind::Text},
};

// One word of a usage: "<setting>", "in", "--timeout".
struct UsageWord {
    std::string_view text;  // without <>; empty: the usage is over
    bool is_placeholder = false;
    bool repeats = false;  // "..." follows
};

// Takes words off the front; brackets say what may be left out, and are of no interest here.
UsageWord next_word(std::string_view& usage) {
    std::size_t begin = usage.find_first_not_of(" []");
    usage.remove_prefix(std::min(begin, usage.size()));
    UsageWord word;
    if (usage.empty()) return word;
    word.is_placeholder = usage[0] == '<';
    std::size_t end = std::min(usage.find_first_of(word.is_placeholder ? ">" : " []"), usage.size());
    word.text = usage.substr(word.is_placeholder, end - word.is_placeholder);
    usage.remove_prefix(end + (word.is_placeholder && end < usage.size()));
    word.repeats = usage.starts_with("...");
    if (word.repeats) usage.remove_prefix(3);
    return word;
}

ArgumentKind kind_of(const UsageWord& word) {
    if (!word.is_placeholder) return ArgumentKind::Keyword;
    return kind_of_placeholder(word.text).value_or(ArgumentKind::Text);
}

// An option stands in brackets of its own, with its value: "[--key <key>]".
void skip_option(std::string_view& usage) { usage.remove_prefix(std::min(usage.find(']'), usage.size())); }

}  // namespace

std::optional<ArgumentKind> kind_of_placeholder(std::string_view name) {
    for (const Named& placeholder : kPlaceholders)
        if (name == placeholder.name) return placeholder.kind;
    return std::nullopt;
}

ArgumentKind argument_kind(const Command& command, std::size_t at) {
    std::string_view usage = command.usage;
    for (;;) {
        UsageWord word = next_word(usage);
        if (word.text.empty()) return ArgumentKind::None;
        if (word.text.starts_with('-')) {
            skip_option(usage);
        } else if (at == 0 || word.repeats) {
            return kind_of(word);
        } else {
            --at;
        }
    }
}

ArgumentKind option_value_kind(const Command& command, std::string_view option) {
    for (const Option& row : command.options) {
        if (option != row.name) continue;
        if (row.kind == OptionKind::Flag) return ArgumentKind::None;
        // Those that the usage leaves out have texts and numbers.
        std::string_view usage = command.usage;
        for (UsageWord word = next_word(usage); !word.text.empty(); word = next_word(usage))
            if (word.text.starts_with("--") && word.text.substr(2) == option) return kind_of(next_word(usage));
        return ArgumentKind::Text;
    }
    return ArgumentKind::None;
}

}  // namespace scripts
