// The firmware that a script is checked against: its own tables and parsers, without a machine and a network around them.
#pragma once

#include <string>
#include <string_view>

#include "scripts/command.h"

namespace lint {

// One for the whole program, never used to run anything: commands are parsed for it.
scripts::System& firmware();

// Whether a scope could be there, on some machine.
bool is_scope(std::string_view scope);
// "net0", "net1-2000", "netX".
bool is_interface(std::string_view name);

}  // namespace lint
