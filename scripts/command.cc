#include "scripts/command.h"

#include <algorithm>

namespace scripts {

static_assert(Invocation::kMostOptions <= 16, "given_ has 16 bits");

const Command* find_command(std::string_view name) {
    for (const Command& command : commands())
        if (name == command.name) return &command;
    return nullptr;
}

// Levenshtein distance of short words, given up beyond 15 characters.
static unsigned distance(std::string_view a, std::string_view b) {
    constexpr std::size_t kMost = 15;
    if (a.size() > kMost || b.size() > kMost) return kMost;
    std::array<unsigned, kMost + 1> row;
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<unsigned>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        unsigned diagonal = row[0];
        row[0] = static_cast<unsigned>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            unsigned replaced = diagonal + (util::to_lower(a[i - 1]) != b[j - 1]);
            diagonal = row[j];
            row[j] = std::min(replaced, std::min(row[j], row[j - 1]) + 1);
        }
    }
    return row[b.size()];
}

std::string_view nearest_command(std::string_view name) {
    std::string_view nearest;
    unsigned best = name.size() < 4 ? 2 : 3;
    for (const Command& command : commands()) {
        unsigned away = distance(name, command.name);
        if (away >= best) continue;
        best = away;
        nearest = command.name;
    }
    return nearest;
}

std::size_t Invocation::index_of(std::string_view option) const {
    for (std::size_t i = 0; i < command.options.size(); ++i)
        if (util::equal(option, command.options[i].name)) return i;
    return kMostOptions;
}

bool Invocation::has(const char* option) const {
    std::size_t index = index_of(option);
    ASSERT(index < kMostOptions);
    return given_ >> index & 1;
}

std::string_view Invocation::text(const char* option) const {
    return has(option) ? values_[index_of(option)] : std::string_view();
}

std::uint64_t Invocation::number(const char* option, std::uint64_t absent) const {
    return util::parse_integer(text(option)).value_or(absent);
}

util::Result<util::String> Invocation::joined(std::size_t from) const {
    util::String text;
    for (std::size_t i = from; i < arguments.size(); ++i) {
        if (i != from) TRY(text.push(' '));
        TRY(text.append(arguments[i]));
    }
    return text;
}

util::Result<std::size_t> Invocation::take_option(std::size_t index, std::string_view inline_value,
                                                  bool has_inline, std::span<const std::string_view> words) {
    const Option& option = command.options[index];
    given_ = static_cast<std::uint16_t>(given_ | 1u << index);
    if (option.kind == OptionKind::Flag) {
        if (has_inline) return kOptionTakesNoValue;
        return 1;
    }
    if (!has_inline && words.size() < 2) return kOptionNeedsValue;
    values_[index] = has_inline ? inline_value : words[1];
    if (option.kind == OptionKind::Number && util::parse_integer(values_[index]).value_or(UINT64_MAX) > UINT32_MAX)
        return kBadOptionValue;
    return has_inline ? 1 : 2;
}

// Takes the option that words begins with; how many words it took.
util::Result<std::size_t> Invocation::parse_option(std::span<const std::string_view> words) {
    std::string_view word = words[0];
    about(word);
    if (word.starts_with("--")) {
        auto split = util::split_first(word.substr(2), '=');
        wants_help = wants_help || util::equal(split.before, "help");
        if (wants_help) return 1;
        std::size_t index = index_of(split.before);
        if (index == kMostOptions) return kNoSuchOption;
        return take_option(index, split.after, split.found, words);
    }
    for (std::size_t at = 1; at < word.size(); ++at) {
        std::size_t index = 0;
        while (index < command.options.size() && command.options[index].letter != word[at]) ++index;
        if (index == command.options.size()) return kNoSuchOption;
        std::string_view rest = word.substr(at + 1);
        bool is_flag = command.options[index].kind == OptionKind::Flag;
        std::size_t taken = TRY(take_option(index, rest, !is_flag && !rest.empty(), words));
        if (!is_flag) return taken;
    }
    return 1;
}

util::Result<void> Invocation::parse(std::span<const std::string_view> words) {
    while (!words.empty() && words[0].size() > 1 && words[0][0] == '-') {
        if (util::equal(words[0], "--")) {
            words = words.subspan(1);
            break;
        }
        auto taken = parse_option(words);
        if (!taken.ok()) {
            if (command.lenient && &taken.failure() == &kNoSuchOption) break;
            return taken.failure();
        }
        words = words.subspan(taken.value());
    }
    about({});
    arguments = words;
    if (wants_help) return {};
    if (words.size() < command.fewest) return kArgumentMissing;
    if (command.most != Command::kAnyNumber && words.size() > command.most) {
        about(words[command.most]);
        return kTooManyArguments;
    }
    return {};
}

void print_usage(const Command& command) {
    util::print("Usage: %s%s%s\n", command.name, *command.usage ? " " : "", command.usage);
}

void print_help(const Command& command) {
    util::print("%s: %s\n", command.name, command.help);
    print_usage(command);
    for (const Option& option : command.options) {
        util::print("  --%s", option.name);
        if (option.letter) util::print(", -%c", option.letter);
        if (option.kind != OptionKind::Flag)
            util::print(" <%s>", option.kind == OptionKind::Number ? "number" : "text");
        util::print("  %s\n", option.help);
    }
}

}  // namespace scripts
