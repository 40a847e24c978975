// The command table: every command there is, sorted, at a glance.
#include "scripts/commands/table.h"

namespace scripts {

namespace {

using enum OptionKind;

constexpr Option kEchoOptions[] = {{"n", 'n', Flag, "no line end"}};
constexpr Option kPromptOptions[] = {
    {"key", 'k', Text, "the key to wait for, as a character or code (0x02 is Ctrl-B)"},
    {"timeout", 't', Number, "milliseconds to wait; for ever without"},
};

constexpr std::uint8_t kAny = Command::kAnyNumber;

// clang-format off
constexpr Command kCommands[] = {
    {"clear",  "<setting>",            "clear a setting",                     {}, 1, 1,    Report::Loud,  run_clear},
    {"echo",   "[-n] [<text>...]",     "print text",                          kEchoOptions, 0, kAny, Report::Loud, run_echo, true},
    {"exit",   "[<status>]",           "leave the script or shell",           {}, 0, 1,    Report::Loud,  run_exit},
    {"goto",   "<label>",              "go on at a label of the script",      {}, 1, 1,    Report::Quiet, run_goto},
    {"help",   "[<command>]",          "list the commands, or explain one",   {}, 0, 1,    Report::Loud,  run_help},
    {"inc",    "<setting> [<number>]", "add to a setting's number",           {}, 1, 2,    Report::Loud,  run_inc},
    {"iseq",   "<text> <text>",        "succeed when both are the same",      {}, 2, 2,    Report::Quiet, run_iseq},
    {"isset",  "<text>",               "succeed when it is not empty",        {}, 0, 1,    Report::Quiet, run_isset},
    {"prompt", "[--key <key>] [--timeout <ms>] [<text>...]", "wait for a key", kPromptOptions, 0, kAny, Report::Quiet, run_prompt},
    {"set",    "<setting> [<value>...]", "set a setting",                     {}, 1, kAny, Report::Loud,  run_set},
    {"shell",  "",                     "start the shell",                     {}, 0, 0,    Report::Loud,  run_shell},
    {"show",   "<setting>",            "print a setting",                     {}, 1, 1,    Report::Loud,  run_show},
    {"sleep",  "<seconds>",            "wait",                                {}, 1, 1,    Report::Loud,  run_sleep},
};
// clang-format on

constexpr bool is_sorted() {
    for (std::size_t i = 1; i < std::size(kCommands); ++i)
        if (std::string_view(kCommands[i - 1].name) >= kCommands[i].name) return false;
    return true;
}
static_assert(is_sorted());

}  // namespace

std::span<const Command> commands() { return kCommands; }

}  // namespace scripts
