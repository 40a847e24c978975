// The functions behind the rows of type_table.cc: each type's bytes as text, and text as bytes.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "scripts/settings/setting_type.h"

namespace scripts {

// As format_setting() and parse_setting() (setting_type.h), for one type or a family of them.
using SettingFormat = util::Result<void>(SettingType type, std::string_view bytes, util::String& text);
using SettingParse = util::Result<void>(SettingType type, std::string_view text, util::String& bytes);

struct SettingTypeRow {
    const char* name;
    SettingType type;
    SettingFormat* format;
    SettingParse* parse;
};
// The types that this image knows.
std::span<const SettingTypeRow> setting_types();

SettingFormat format_string, format_uristring, format_ipv4, format_ipv6, format_number, format_hex, format_base64, format_uuid,
    format_busdevfn, format_dnssl;
SettingParse parse_string, parse_uristring, parse_ipv4, parse_ipv6, parse_number, parse_hex, parse_base64, parse_uuid, parse_busdevfn,
    parse_dnssl;

// Decimal, 0x hexadecimal, or octal behind a 0, as C has it; with a sign. nullopt: none, or out of range by far.
std::optional<std::int64_t> parse_signed_number(std::string_view text);
bool is_signed(SettingType type);
// Between the order in which a UUID's 16 bytes are written and that of a GUID and of SMBIOS (DSP0134 section 7.2.1), which have the first
// three fields little-endian.
void swap_guid(util::MutableBytes uuid);

}  // namespace scripts
