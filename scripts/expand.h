// Expansion of "${name}" in one word of a script, nested to any sensible depth: "${net${idx}/mac}".
//
// What a setting's value holds is expanded as well, so that a DHCP server can send "${mac}.ipxe" as a
// filename. Settings that refer to themselves end in a failure. An unset or ill-named setting is nothing;
// "${" without its "}" is text.
#pragma once

#include "scripts/settings/settings.h"

namespace scripts {

inline constexpr util::Failure kExpandsForEver{util::code::kScript + 7,
                                               "settings refer to themselves or expand too far"};
inline constexpr util::Failure kNestedTooDeeply{util::code::kScript + 8, "too many ${ within one another"};

// Limits on one word: its length, and the settings looked up for it.
inline constexpr std::size_t kLongestWord = 65536;
inline constexpr unsigned kMostLookups = 1000;

// Appends the expanded word. Failure: kExpandsForEver, kNestedTooDeeply, out of memory.
util::Result<void> expand(Settings& settings, std::string_view word, util::String& expanded);

}  // namespace scripts
