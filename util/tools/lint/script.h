// A script as the checks see it: lines with the commands in them, cut by the firmware's own lexer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scripts/command.h"
#include "scripts/lexer.h"

namespace lint {

// One command of a line. An empty one is behind an operator that ends its line ("dhcp ||").
struct Call {
    scripts::WordKind before;  // And, Or; Then also for the first
    std::vector<std::string> words;
    const scripts::Command* command = nullptr;  // null: there is none of that name, or it is known only when the script runs
    // Taken apart by the firmware's own parser, if it took it.
    std::vector<std::string> arguments;
    bool is(std::string_view name) const { return !words.empty() && words[0] == name; }
};

struct Line {
    unsigned number;    // of its first physical line
    std::string text;   // continuations joined
    std::string label;  // that it defines; empty: none
    std::vector<Call> calls;
};

struct Script {
    std::string_view text;
    std::vector<Line> lines;  // those with a label or a command
    bool is_template = false;  // has marks of a template language: what runs is not what stands here

    bool defines(std::string_view label) const;
    // Whether any of its commands has that name.
    bool runs(std::string_view command) const;
    // Whether any word reads it, or could.
    bool mentions(std::string_view setting) const;
};

// A line that is too long ends it.
Script read_script(std::string_view text);

}  // namespace lint
