// The types a setting's bytes may be read and written as: "${mac:hexhyp}", "set esc:hex 1b".
//
// A setting is bytes in network form plus a type that says how to show them. The type names and their forms
// are those of the established firmware's public settings reference.
#pragma once

#include <optional>
#include <string_view>

#include "util/result.h"
#include "util/vector.h"

namespace scripts {

inline constexpr util::Failure kBadSettingType{util::code::kScript + 1, "no such setting type"};
inline constexpr util::Failure kBadSettingValue{util::code::kScript + 2,
                                                "the value does not fit the setting's type"};

enum class SettingType : std::uint8_t {
    String,
    UriString,
    Ipv4,
    Ipv6,
    Int8,
    Int16,
    Int32,
    Uint8,
    Uint16,
    Uint32,
    Hex,        // 52:54:00
    HexHyphen,  // 52-54-00
    HexRaw,     // 525400
    Base64,
    Uuid,           // bytes in order, as RFC 9562 writes them
    Guid,           // the first three fields little-endian
    BusDevFn,       // PCI segment:bus:device.function
    DnsSearchList,  // RFC 1035 names, RFC 3397 without pointers
};

// "uint8" and so on; nullopt for a name that is none, or that of a type which this image lacks (type_table.cc).
std::optional<SettingType> parse_setting_type(std::string_view name);
std::string_view to_text(SettingType type);

// Appends bytes as text of that type. Failure: out of memory.
util::Result<void> format_setting(SettingType type, std::string_view bytes, util::String& text);
// Appends the bytes that text of that type stands for. Failure: kBadSettingValue, out of memory.
util::Result<void> parse_setting(SettingType type, std::string_view text, util::String& bytes);

// The number that a value stands for: big-endian bytes for numeric and hexadecimal types, decimal or 0x text
// for strings. nullopt: none, or more than 32 bits.
std::optional<std::int64_t> setting_number(SettingType type, std::string_view bytes);

}  // namespace scripts
