// The table is included whole, to see which rows belong to a feature. The functions behind the rows are not linked.
#include "scripts/command_table.cc"
#include "util/tools/reference/print.h"

namespace reference {

static std::string_view kind(scripts::OptionKind kind) {
    switch (kind) {
        case scripts::OptionKind::Flag: return "";
        case scripts::OptionKind::Text: return "text";
        case scripts::OptionKind::Number: return "number";
    }
    return {};
}

void print_commands() {
    print_array(scripts::kCommands, [](Row& row, const scripts::Command& command) {
        row.text("name", command.name);
        row.text("usage", command.usage);
        row.text("help", command.help);
        row.text("feature", feature_of(scripts::kOptional, command.name));
        row.name("options");
        print_array(command.options, [](Row& row, const scripts::Option& option) {
            char letter[] = {option.letter, '\0'};
            row.text("name", option.name);
            row.text("letter", letter);
            row.text("kind", kind(option.kind));
            row.text("help", option.help);
        });
    });
}

}  // namespace reference
