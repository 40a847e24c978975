// The named settings: what "${root-path}" is called in DHCP, how it is shown, and what it is for.
//
// The one table behind lookup, completion, `help` and generated documentation. Names and numbers are those of
// the established firmware's public settings reference, option numbers RFC 2132 and its followers.
#pragma once

#include <span>
#include <string_view>

#include "scripts/settings/setting_type.h"

namespace scripts {

enum class SettingHome : std::uint8_t {
    Any,        // typed in, or from DHCP
    Interface,  // the network interface's own
    Smbios,     // the machine's SMBIOS tables
    Builtin,    // the firmware itself
};

struct NamedSetting {
    const char* name;
    const char* number;  // DHCP option ("17", "175.8"), SMBIOS type.offset.length ("1.4.0"), or ""
    SettingType type;
    SettingHome home;
    const char* help;
};

// Sorted by name.
std::span<const NamedSetting> named_settings();
// By name, or for DHCP's own by number ("17"); nullptr when there is none.
const NamedSetting* find_named_setting(std::string_view name);

}  // namespace scripts
