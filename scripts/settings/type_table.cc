// The types of settings, at a glance. Their names and forms are those of the established firmware's public settings reference.
#include "embed/select_rows.h"
#include "scripts/settings/setting_formats.h"

namespace scripts {

namespace {

using enum SettingType;

constexpr SettingTypeRow kTypes[] = {
    {"string", String, format_string, parse_string},
    {"uristring", UriString, format_uristring, parse_uristring},
    {"ipv4", Ipv4, format_ipv4, parse_ipv4},
    {"ipv6", Ipv6, format_ipv6, parse_ipv6},
    {"int8", Int8, format_number, parse_number},
    {"int16", Int16, format_number, parse_number},
    {"int32", Int32, format_number, parse_number},
    {"uint8", Uint8, format_number, parse_number},
    {"uint16", Uint16, format_number, parse_number},
    {"uint32", Uint32, format_number, parse_number},
    {"hex", Hex, format_hex, parse_hex},
    {"hexhyp", HexHyphen, format_hex, parse_hex},
    {"hexraw", HexRaw, format_hex, parse_hex},
    {"base64", Base64, format_base64, parse_base64},
    {"uuid", Uuid, format_uuid, parse_uuid},
    {"guid", Guid, format_uuid, parse_uuid},
    {"busdevfn", BusDevFn, format_busdevfn, parse_busdevfn},
    {"dnssl", DnsSearchList, format_dnssl, parse_dnssl},
};

// Types that are part of a feature.
constexpr embed::Belongs kOptional[] = {{"base64", "settings"}, {"guid", "settings"}, {"ipv6", "settings"}};
constexpr auto kSelected = embed::select_rows<kTypes, kOptional>();

}  // namespace

std::span<const SettingTypeRow> setting_types() { return kSelected; }

}  // namespace scripts
