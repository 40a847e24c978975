// goto, exit, sleep, prompt, shell, echo, help: the flow of a script, and talking with the person in front of
// it.
#include <platform/console.h>

#include "scripts/characters.h"
#include "scripts/commands/table.h"
#include "scripts/keys.h"
#include "scripts/shell.h"
#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

inline constexpr util::Failure kWrongKey{util::code::kScript + 34, "another key was pressed"};

util::Result<void> run_goto(Invocation& call) {
    call.about(call.arguments[0]);
    return call.system.engine.go_to(call.arguments[0]);
}

util::Result<std::uint64_t> exit_status(Invocation& call) {
    call.about(call.argument(0));
    if (call.argument(0).empty()) return std::uint64_t{0};
    auto number = util::parse_integer(call.argument(0));
    if (!number) return kNotNumber;
    return *number;
}

util::Result<void> run_exit(Invocation& call) {
    bool fails = TRY(exit_status(call)) != 0;
    call.system.engine.leave(fails ? util::Result<void>(kExitStatus) : util::Result<void>());
    return {};
}

util::Result<void> run_sleep(Invocation& call) {
    call.about(call.arguments[0]);
    auto seconds = util::parse_integer(call.arguments[0]);
    if (!seconds || *seconds > UINT32_MAX) return kNotNumber;
    return call.system.loop.sleep(util::Duration::seconds(static_cast<std::int64_t>(*seconds)));
}

// A line may be edited behind it.
static void write(std::string_view text) {
    util::put(text);
    note_written(text);
}

static void print_words(std::span<const std::string_view> words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i) write(" "sv);
        write(words[i]);
    }
}

util::Result<void> run_echo(Invocation& call) {
    print_words(call.arguments);
    if (!call.has("n")) write("\n"sv);
    return {};
}

util::Result<void> run_prompt(Invocation& call) {
    int wanted = platform::kNoKey;
    if (call.has("key")) {
        wanted = parse_key(call.text("key"));
        if (wanted == platform::kNoKey) return kBadOptionValue;
    }
    print_words(call.arguments);
    std::uint64_t timeout = call.number("timeout", 0);
    auto key =
        wait_for_key(call.system.loop, util::Duration::milliseconds(static_cast<std::int64_t>(timeout)));
    // The text goes away with the wait, as a menu or a boot message comes next.
    if (!call.arguments.empty()) {
        platform::console_write("\r\x1b[K"sv);
        note_written("\r");
    }
    if (!key.ok()) return key.failure();
    if (wanted != platform::kNoKey && key.value() != wanted) return kWrongKey;
    return {};
}

util::Result<void> run_shell(Invocation& call) {
    return scripts::run_shell(call.system);
}

util::Result<void> run_help(Invocation& call) {
    if (!call.arguments.empty()) {
        call.about(call.arguments[0]);
        const Command* command = find_command(call.arguments[0]);
        if (!command) {
            explain_missing_command(call.arguments[0], call.about());
            return kNoSuchCommand;
        }
        print_help(*command);
        return {};
    }
    for (const Command& command : commands()) {
        util::Text<16> name;
        name.text(command.name);
        while (name.view().size() < 12) name.character(' ');
        std::string_view padded = name.view();
        util::print("  %v %s\n", &padded, command.help);
    }
    util::print("\"help <command>\" or \"<command> --help\" tells more.\n");
    return {};
}

}  // namespace scripts
