// Scopes whose values are worked out when they are asked for, by what their names say: "${pci/...}", "${cpuid/...}". They hold nothing, and are asked
// by their own name only. In one table (scope_table.cc), of which images have what their features say.
#pragma once

#include <span>

#include "scripts/settings/setting_type.h"

namespace scripts {

class Settings;
class System;
struct SettingReference;
struct SettingValue;

// Into an empty value.bytes, by reference.name; and value.type, unless that was given. False: there is no such thing. Failure: out of memory.
using FetchFromScope = util::Result<bool>(System& system, const SettingReference& reference, SettingValue& value);

struct ScopeRow {
    const char* name;
    FetchFromScope* fetch;
    const char* help;  // what follows the slash, and what it is
};
// Sorted by name.
std::span<const ScopeRow> scope_rows();
// nullptr: there is none.
const ScopeRow* find_scope_row(std::string_view name);
// features_scope.cc, machine_scopes.cc
FetchFromScope fetch_acpi, fetch_cpuid, fetch_features, fetch_memmap, fetch_pci;

// Makes the scope for what is set in one that is not there yet: "set mine/colour blue". Failure: kNoSuchScope, also in images without the
// feature "settings"; kSettingsFull, out of memory.
util::Result<void> make_scope(Settings& settings, std::string_view name);

}  // namespace scripts
