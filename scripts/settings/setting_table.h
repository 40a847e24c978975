// The named settings: what "${root-path}" is called in DHCP, how it is shown, and what it is for.
//
// The one table behind lookup, completion and the documentation (docs/settings/). Names and numbers are those of
// the established firmware's public settings reference, option numbers RFC 2132 and its followers.
#pragma once

#include <span>
#include <string_view>

#include "scripts/settings/setting_type.h"

namespace net {
class Interface;
}

namespace scripts {

class System;
struct SettingValue;

enum class SettingHome : std::uint8_t {
    Any,        // typed in, or from DHCP
    Interface,  // the network interface's own
    Smbios,     // the machine's SMBIOS tables
    Builtin,    // the firmware itself
};

// Finds the value of a setting of the firmware's (interface is null then) or of an interface (system is null), into an empty value.bytes. False: it has
// none now. Failure: out of memory.
using LiveSetting = util::Result<bool>(System* system, net::Interface* interface, SettingValue& value);

struct NamedSetting {
    const char* name;
    const char* number;  // DHCP option ("17", "175.8"), SMBIOS type.offset.length ("1.4.0"), or ""
    SettingType type;
    SettingHome home;
    const char* help;  // empty in images without the feature "settings"
    LiveSetting* live = nullptr;  // for those that the scope itself does not know
};

// Sorted by name.
std::span<const NamedSetting> named_settings();
// By name, or for DHCP's own by number ("17"); nullptr when there is none.
const NamedSetting* find_named_setting(std::string_view name);
// Whether this image has the feature "settings": rare settings and options act.
bool has_rare_settings();

}  // namespace scripts
