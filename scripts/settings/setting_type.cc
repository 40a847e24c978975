#include "scripts/settings/setting_type.h"

#include <array>

#include "net/address.h"
#include "util/text.h"

namespace scripts {

namespace {

constexpr std::string_view kTypeNames[] = {
    "string", "uristring", "ipv4",   "ipv6",   "int8",   "int16", "int32", "uint8",    "uint16",
    "uint32", "hex",       "hexhyp", "hexraw", "base64", "uuid",  "guid",  "busdevfn", "dnssl",
};

bool is_number(SettingType type) {
    return type >= SettingType::Int8 && type <= SettingType::Uint32;
}
bool is_signed(SettingType type) {
    return type <= SettingType::Int32;
}
// 1, 2 or 4 bytes.
std::size_t number_size(SettingType type) {
    unsigned step = static_cast<unsigned>(type) - static_cast<unsigned>(SettingType::Int8);
    return std::size_t{1} << step % 3;
}

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

// Network order; more bytes than four keep the last four.
std::uint32_t big_endian(std::string_view bytes) {
    std::uint32_t value = 0;
    for (char c : bytes) value = value << 8 | static_cast<std::uint8_t>(c);
    return value;
}

util::Result<void> format_hex(std::string_view bytes, const char* separator, util::String& text) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        util::Text<3> piece;
        if (i) piece.text(separator);
        TRY(text.append(piece.hex(byte_at(bytes, i), 2).view()));
    }
    return {};
}

// Pairs of digits, with any of ":-" or spaces between them; a single digit stands alone ("0:1:a").
util::Result<void> parse_hex_bytes(std::string_view text, util::String& bytes) {
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == ':' || text[i] == '-' || text[i] == ' ') {
            ++i;
            continue;
        }
        int value = util::hex_digit(text[i++]);
        if (value < 0) return kBadSettingValue;
        if (i < text.size() && util::hex_digit(text[i]) >= 0) value = value << 4 | util::hex_digit(text[i++]);
        TRY(bytes.push(static_cast<char>(value)));
    }
    return {};
}

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// RFC 4648 section 4.
util::Result<void> format_base64(std::string_view bytes, util::String& text) {
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::string_view group = bytes.substr(i, 3);
        std::uint32_t value = big_endian(group) << 8 * (3 - group.size());
        for (std::size_t n = 0; n < 4; ++n)
            TRY(text.push(n > group.size() ? '=' : kBase64[value >> (18 - 6 * n) & 63]));
    }
    return {};
}

util::Result<void> parse_base64(std::string_view text, util::String& bytes) {
    std::uint32_t value = 0;
    unsigned bits = 0;
    while (!text.empty() && text.back() == '=') text.remove_suffix(1);
    for (char c : text) {
        std::size_t digit = kBase64.find(c);
        if (digit == kBase64.npos) return kBadSettingValue;
        value = value << 6 | static_cast<std::uint32_t>(digit);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        TRY(bytes.push(static_cast<char>(value >> bits)));
    }
    return {};
}

// RFC 3986: everything but the unreserved characters is escaped.
util::Result<void> format_uri(std::string_view bytes, util::String& text) {
    for (char c : bytes) {
        bool plain = (c >= '0' && c <= '9') || (util::to_lower(c) >= 'a' && util::to_lower(c) <= 'z') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            TRY(text.push(c));
        } else {
            util::Text<3> escape;
            constexpr std::string_view digits = "0123456789ABCDEF";
            auto value = static_cast<std::uint8_t>(c);
            TRY(text.append(
                escape.character('%').character(digits[value >> 4]).character(digits[value & 15]).view()));
        }
    }
    return {};
}

// Bytes of a UUID in the order they are written; for a GUID the first three fields are stored little-endian.
constexpr std::uint8_t kUuidOrder[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
constexpr std::uint8_t kGuidOrder[] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

util::Result<void> format_uuid(std::string_view bytes, const std::uint8_t* order, util::String& text) {
    if (bytes.size() != 16) return format_hex(bytes, ":", text);
    util::Text<36> uuid;
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) uuid.character('-');
        uuid.hex(byte_at(bytes, order[i]), 2);
    }
    return text.append(uuid.view());
}

util::Result<void> parse_uuid(std::string_view text, const std::uint8_t* order, util::String& bytes) {
    util::String written;
    TRY(parse_hex_bytes(text, written));
    if (written.size() != 16) return kBadSettingValue;
    for (std::size_t i = 0; i < 16; ++i) TRY(bytes.push(written.view()[order[i]]));
    return {};
}

util::Result<void> format_ipv4(std::string_view bytes, util::String& text) {
    if (bytes.size() < 4) return {};
    return text.append(net::to_text(net::Ipv4Address(big_endian(bytes.substr(0, 4)))).view());
}

// RFC 5952 without its shortening of zero groups beyond leading zeros: enough to show and compare.
util::Result<void> format_ipv6(std::string_view bytes, util::String& text) {
    for (std::size_t i = 0; i + 2 <= bytes.size() && i < 16; i += 2) {
        util::Text<5> group;
        if (i) group.character(':');
        TRY(text.append(group.hex(big_endian(bytes.substr(i, 2))).view()));
    }
    return {};
}

util::Result<void> format_number(SettingType type, std::string_view bytes, util::String& text) {
    if (bytes.empty()) return {};
    std::size_t size = number_size(type);
    if (bytes.size() > size) bytes = bytes.substr(bytes.size() - size);
    std::uint32_t value = big_endian(bytes);
    util::Text<12> digits;
    if (!is_signed(type)) return text.append(digits.text("0x").hex(value).view());
    unsigned unused = 32 - 8 * static_cast<unsigned>(bytes.size());
    auto extended = static_cast<std::int32_t>(value << unused) >> unused;
    return text.append(digits.format("%d", extended).view());
}

std::optional<std::int64_t> parse_number(std::string_view text) {
    bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    auto value = util::parse_integer(text);
    if (!value || *value > UINT32_MAX) return std::nullopt;
    return negative ? -static_cast<std::int64_t>(*value) : static_cast<std::int64_t>(*value);
}

util::Result<void> parse_integer_bytes(SettingType type, std::string_view text, util::String& bytes) {
    auto value = parse_number(util::trim(text));
    if (!value) return kBadSettingValue;
    std::size_t size = number_size(type);
    std::int64_t range = std::int64_t{1} << 8 * size;
    if (*value >= range || *value < -range / 2 || (is_signed(type) && *value >= range / 2))
        return kBadSettingValue;
    for (std::size_t i = size; i-- > 0;) TRY(bytes.push(static_cast<char>(*value >> 8 * i)));
    return {};
}

util::Result<void> format_dns(std::string_view bytes, util::String& text) {
    bool inside = false;
    for (std::size_t i = 0; i < bytes.size();) {
        std::size_t length = byte_at(bytes, i++);
        if (length == 0) {
            inside = false;
            continue;
        }
        if (length > bytes.size() - i) break;
        if (!text.empty()) TRY(text.push(inside ? '.' : ' '));
        TRY(text.append(bytes.substr(i, length)));
        inside = true;
        i += length;
    }
    return {};
}

util::Result<void> parse_dns(std::string_view text, util::String& bytes) {
    while (!(text = util::trim(text)).empty()) {
        auto name = util::split_first(text, ' ');
        for (std::string_view rest = name.before; !rest.empty();) {
            auto label = util::split_first(rest, '.');
            if (label.before.empty() || label.before.size() > 63) return kBadSettingValue;
            TRY(bytes.push(static_cast<char>(label.before.size())));
            TRY(bytes.append(label.before));
            rest = label.after;
        }
        TRY(bytes.push('\0'));
        text = name.after;
    }
    return {};
}

util::Result<void> parse_ipv4(std::string_view text, util::String& bytes) {
    auto address = net::Ipv4Address::parse(util::trim(text));
    if (!address) return kBadSettingValue;
    return bytes.append(util::as_text(std::as_bytes(std::span(&*address, 1))));
}

}  // namespace

std::optional<SettingType> parse_setting_type(std::string_view name) {
    for (std::size_t i = 0; i < std::size(kTypeNames); ++i)
        if (kTypeNames[i] == name) return static_cast<SettingType>(i);
    return std::nullopt;
}

std::string_view to_text(SettingType type) {
    return kTypeNames[static_cast<std::size_t>(type)];
}

util::Result<void> format_setting(SettingType type, std::string_view bytes, util::String& text) {
    switch (type) {
        // DHCP servers may end a string with NUL (RFC 2132 section 2).
        case SettingType::String:
            return text.append(bytes.substr(0, bytes.find('\0')));
        case SettingType::UriString:
            return format_uri(bytes.substr(0, bytes.find('\0')), text);
        case SettingType::Ipv4:
            return format_ipv4(bytes, text);
        case SettingType::Ipv6:
            return format_ipv6(bytes, text);
        case SettingType::Hex:
            return format_hex(bytes, ":", text);
        case SettingType::HexHyphen:
            return format_hex(bytes, "-", text);
        case SettingType::HexRaw:
            return format_hex(bytes, "", text);
        case SettingType::Base64:
            return format_base64(bytes, text);
        case SettingType::Uuid:
            return format_uuid(bytes, kUuidOrder, text);
        case SettingType::Guid:
            return format_uuid(bytes, kGuidOrder, text);
        case SettingType::DnsSearchList:
            return format_dns(bytes, text);
        case SettingType::BusDevFn: {
            std::uint32_t value = big_endian(bytes);
            util::Text<8> location;
            return text.append(
                location.format("%02x:%02x.%x", value >> 8 & 0xff, value >> 3 & 0x1f, value & 7).view());
        }
        default:
            return format_number(type, bytes, text);
    }
}

util::Result<void> parse_setting(SettingType type, std::string_view text, util::String& bytes) {
    switch (type) {
        case SettingType::String:
        case SettingType::UriString:
            return bytes.append(text);
        case SettingType::Ipv4:
            return parse_ipv4(text, bytes);
        case SettingType::Hex:
        case SettingType::HexHyphen:
        case SettingType::HexRaw:
            return parse_hex_bytes(text, bytes);
        case SettingType::Base64:
            return parse_base64(text, bytes);
        case SettingType::Uuid:
            return parse_uuid(text, kUuidOrder, bytes);
        case SettingType::Guid:
            return parse_uuid(text, kGuidOrder, bytes);
        case SettingType::DnsSearchList:
            return parse_dns(text, bytes);
        case SettingType::BusDevFn:
        case SettingType::Ipv6:
            return kBadSettingValue;
        default:
            return parse_integer_bytes(type, text, bytes);
    }
}

std::optional<std::int64_t> setting_number(SettingType type, std::string_view bytes) {
    if (type == SettingType::String || type == SettingType::UriString) return parse_number(util::trim(bytes));
    if (bytes.empty() || bytes.size() > 4) return std::nullopt;
    std::uint32_t value = big_endian(bytes);
    if (!is_number(type) || !is_signed(type)) return value;
    unsigned unused = 32 - 8 * static_cast<unsigned>(bytes.size());
    return static_cast<std::int32_t>(value << unused) >> unused;
}

}  // namespace scripts
