// What the arguments of a command are: labels, settings, interfaces. For completion, documents and whoever checks scripts without
// running them.
//
// Told by the usage in the command's row, which names each argument: "<setting>", "[<interface>...]". So a row says it once, and an
// image that never asks pays nothing. A test sees to it that every name in a usage is known here.
#pragma once

#include <optional>

#include "scripts/command.h"

namespace scripts {

enum class ArgumentKind : std::uint8_t {
    None,        // there is no such argument
    Text,        // free: numbers and whatever has no kind of its own here
    Keyword,     // stands in the usage as it must be typed: "in"
    Setting,     // a setting's name, without ${}
    Label,       // of the running script
    Item,        // a menu item's label, or in a form the setting behind a field
    Interface,   // net0
    Uri,
    Image,       // one that was fetched before
    UriOrImage,
    Command,       // a command's name; its own arguments follow
    Menu,          // the name of a menu or form
    Parameters,    // the name of a list that `params` has begun
    Scope,         // of settings
    Drive,         // a BIOS drive's number
    Configurator,  // of interfaces
};

// Of the argument at `at`, from 0, options not counted.
ArgumentKind argument_kind(const Command& command, std::size_t at);
// Of the value of an option, by its long name; None for a flag.
ArgumentKind option_value_kind(const Command& command, std::string_view option);
// Of a name as it stands in a usage, without its <>. nullopt: no usage may have it.
std::optional<ArgumentKind> kind_of_placeholder(std::string_view name);

}  // namespace scripts
