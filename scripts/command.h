// A command: one row of the table, with all that lookup, `--help`, completion and documentation need; and one
// call of it, with its options and arguments taken apart.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "util/result.h"
#include "util/text.h"
#include "util/vector.h"

namespace scripts {

class System;
class Invocation;

enum class OptionKind : std::uint8_t { Flag, Text, Number };

struct Option {
    const char* name;  // "drive" for --drive
    char letter;       // 'd' for -d; 0: none
    OptionKind kind;
    const char* help;
};

// Whether a failure that the script goes on from (with "||") is said on the console.
enum class Report : std::uint8_t { Quiet, Loud };

struct Command {
    const char* name;
    const char* usage;  // behind the name: "[--drive <drive>] <uri>..."
    const char* help;   // one line, no period
    std::span<const Option> options;
    std::uint8_t fewest, most;  // arguments; kAnyNumber: no limit
    Report report;
    util::Result<void> (*run)(Invocation& call);

    static constexpr std::uint8_t kAnyNumber = 255;
    // Everything behind the name is an argument, but for known options in front ("echo").
    bool lenient = false;
};

// Sorted by name; aliases are rows of their own.
std::span<const Command> commands();
const Command* find_command(std::string_view name);
// Appends why a command that others have is not here: which feature has it, that there is no such thing, or which one may have
// been meant.
void explain_missing_command(std::string_view name, util::TextSink& target);
// The feature that a command belongs to, in whichever image; empty: to none.
std::string_view feature_of_command(std::string_view name);
// The known command closest to a mistyped one; empty when none is close.
std::string_view nearest_command(std::string_view name);

inline constexpr util::Failure kNoSuchCommand{util::code::kScript + 10, "no such command"};
inline constexpr util::Failure kNoSuchOption{util::code::kScript + 11, "no such option"};
inline constexpr util::Failure kOptionNeedsValue{util::code::kScript + 12, "the option needs a value"};
inline constexpr util::Failure kOptionTakesNoValue{util::code::kScript + 13, "the option takes no value"};
inline constexpr util::Failure kBadOptionValue{util::code::kScript + 14, "not a valid value for the option"};
inline constexpr util::Failure kArgumentMissing{util::code::kScript + 15, "an argument is missing"};
inline constexpr util::Failure kTooManyArguments{util::code::kScript + 16, "too many arguments"};

class Invocation {
  public:
    static constexpr std::size_t kMostOptions = 9;

    Invocation(System& system, const Command& command) : system(system), command(command) {}
    // Takes options off the front of the words behind the command's name; the rest are arguments. "--" ends
    // options. Failure: one of those above, with about() saying which word.
    util::Result<void> parse(std::span<const std::string_view> words);

    System& system;
    const Command& command;
    std::span<const std::string_view> arguments;
    bool wants_help = false;

    // Asked by long name, which must be in the command's table: a literal, as each call with a string_view costs twice the code.
    bool has(const char* option) const;
    std::string_view text(const char* option) const;
    std::uint64_t number(const char* option, std::uint64_t absent) const;
    // Argument or nothing.
    std::string_view argument(std::size_t at) const { return at < arguments.size() ? arguments[at] : ""; }

    // Arguments from the given one on as one text, with single spaces between: what "set x several words" means. Failure: out of
    // memory.
    util::Result<util::String> joined(std::size_t from) const;

    // What the command is busy with, for the error: "net0" in "dhcp net0: no DHCP server answered".
    void about(std::string_view object) {
        object_.clear();
        object_.text(object);
    }
    // To be added to.
    util::TextSink& about() { return object_; }
    std::string_view object() const { return object_.view(); }

  private:
    std::size_t index_of(std::string_view option) const;
    util::Result<std::size_t> parse_option(std::span<const std::string_view> words);
    util::Result<std::size_t> take_option(std::size_t index, std::string_view inline_value, bool has_inline,
                                          std::span<const std::string_view> words);
    std::array<std::string_view, kMostOptions> values_{};
    std::uint16_t given_ = 0;  // bit n: options[n]
    util::Text<160> object_;
};

// Prints usage, help and options.
void print_usage(const Command& command);
void print_help(const Command& command);

}  // namespace scripts
