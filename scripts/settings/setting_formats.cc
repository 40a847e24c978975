#include "scripts/settings/setting_formats.h"

#include "net/address.h"
#include "net/fetch/uri.h"
#include "util/base64.h"
#include "util/text.h"

namespace scripts {

namespace {

std::uint8_t byte_at(std::string_view bytes, std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); }

// Network order; more bytes than four keep the last four.
std::uint32_t big_endian(std::string_view bytes) {
    std::uint32_t value = 0;
    for (char c : bytes) value = value << 8 | static_cast<std::uint8_t>(c);
    return value;
}

constexpr std::size_t kIpv6Groups = 8;

// The longest run of two or more zero groups, which is written as "::" (RFC 5952 section 4.2).
struct Run {
    std::size_t begin = kIpv6Groups, length = 1;
};
Run longest_zero_run(std::string_view address) {
    Run longest;
    for (std::size_t begin = 0; begin < kIpv6Groups; ++begin) {
        std::size_t end = begin;
        while (end < kIpv6Groups && !big_endian(address.substr(2 * end, 2))) ++end;
        if (end - begin > longest.length) longest = {begin, end - begin};
    }
    return longest;
}

}  // namespace

void swap_guid(util::MutableBytes uuid) {
    std::swap(uuid[0], uuid[3]);
    std::swap(uuid[1], uuid[2]);
    std::swap(uuid[4], uuid[5]);
    std::swap(uuid[6], uuid[7]);
}

bool is_signed(SettingType type) { return type >= SettingType::Int8 && type <= SettingType::Int32; }

std::optional<std::int64_t> parse_signed_number(std::string_view text) {
    bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    std::uint64_t value = 0;
    if (text.size() > 1 && text[0] == '0' && util::hex_digit(text[1]) >= 0) {
        for (char c : text.substr(1)) {
            if (c < '0' || c > '7' || value > UINT32_MAX) return std::nullopt;
            value = value << 3 | static_cast<unsigned>(c - '0');
        }
    } else {
        auto number = util::parse_integer(text);
        if (!number) return std::nullopt;
        value = *number;
    }
    if (value > UINT32_MAX) return std::nullopt;
    return negative ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
}

// DHCP servers may end a string with NUL (RFC 2132 section 2).
util::Result<void> format_string(SettingType, std::string_view bytes, util::String& text) {
    return text.append(bytes.substr(0, bytes.find('\0')));
}
util::Result<void> parse_string(SettingType, std::string_view text, util::String& bytes) { return bytes.append(text); }

// RFC 3986: everything but the unreserved characters is escaped.
util::Result<void> format_uristring(SettingType, std::string_view bytes, util::String& text) {
    for (char c : bytes.substr(0, bytes.find('\0'))) {
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
util::Result<void> parse_uristring(SettingType, std::string_view text, util::String& bytes) {
    return net::append_percent_decoded(bytes, text);
}

util::Result<void> format_ipv4(SettingType, std::string_view bytes, util::String& text) {
    if (bytes.size() < 4) return {};
    return text.append(net::to_text(net::Ipv4Address(big_endian(bytes.substr(0, 4)))).view());
}
util::Result<void> parse_ipv4(SettingType, std::string_view text, util::String& bytes) {
    auto address = net::Ipv4Address::parse(util::trim(text));
    if (!address) return kBadSettingValue;
    return bytes.append(util::as_text(std::as_bytes(std::span(&*address, 1))));
}

// RFC 5952.
util::Result<void> format_ipv6(SettingType, std::string_view bytes, util::String& text) {
    if (bytes.size() < 2 * kIpv6Groups) return {};
    Run zeros = longest_zero_run(bytes);
    for (std::size_t i = 0; i < kIpv6Groups; ++i) {
        util::Text<6> group;
        if (i == zeros.begin) {
            TRY(text.append("::"));
            i += zeros.length - 1;
            continue;
        }
        if (i && i != zeros.begin + zeros.length) group.character(':');
        TRY(text.append(group.hex(big_endian(bytes.substr(2 * i, 2))).view()));
    }
    return {};
}
// RFC 4291 section 2.2, without the form that ends in an IPv4 address.
util::Result<void> parse_ipv6(SettingType, std::string_view text, util::String& bytes) {
    text = util::trim(text);
    std::uint8_t address[2 * kIpv6Groups] = {};
    std::size_t groups = 0, gap = kIpv6Groups;  // where "::" stands
    if (text.starts_with("::")) {
        gap = 0;
        text.remove_prefix(2);
    }
    while (!text.empty()) {
        auto part = util::split_first(text, ':');
        auto value = part.before.size() > 4 ? std::nullopt : util::parse_hex(part.before);
        if (!value || groups == kIpv6Groups) return kBadSettingValue;
        address[2 * groups] = static_cast<std::uint8_t>(*value >> 8);
        address[2 * groups++ + 1] = static_cast<std::uint8_t>(*value);
        text = part.after;
        if (part.found && text.empty()) return kBadSettingValue;
        if (!text.starts_with(':')) continue;
        if (gap != kIpv6Groups) return kBadSettingValue;
        gap = groups;
        text.remove_prefix(1);
    }
    if ((gap == kIpv6Groups) != (groups == kIpv6Groups)) return kBadSettingValue;
    std::string_view digits = util::as_text(std::as_bytes(std::span(address)));
    gap = std::min(gap, groups);
    TRY(bytes.append(digits.substr(0, 2 * gap)));
    for (std::size_t i = groups; i < kIpv6Groups; ++i) TRY(bytes.append(std::string_view("\0\0", 2)));
    return bytes.append(digits.substr(2 * gap, 2 * (groups - gap)));
}

// All that four bytes can say, whatever the type's own size: a server may have sent a longer one. More is no number, and shows as nothing.
util::Result<void> format_number(SettingType type, std::string_view bytes, util::String& text) {
    auto value = setting_number(type, bytes);
    if (!value) return {};
    util::Text<12> digits;
    if (!is_signed(type)) return text.append(digits.text("0x").hex(static_cast<std::uint32_t>(*value)).view());
    return text.append(digits.format("%d", static_cast<std::int32_t>(*value)).view());
}
util::Result<void> parse_number(SettingType type, std::string_view text, util::String& bytes) {
    auto value = parse_signed_number(util::trim(text));
    if (!value) return kBadSettingValue;
    unsigned step = static_cast<unsigned>(type) - static_cast<unsigned>(SettingType::Int8);
    std::size_t size = std::size_t{1} << step % 3;
    std::int64_t range = std::int64_t{1} << 8 * size;
    if (*value >= range || *value < -range / 2 || (is_signed(type) && *value >= range / 2))
        return kBadSettingValue;
    for (std::size_t i = size; i-- > 0;) TRY(bytes.push(static_cast<char>(*value >> 8 * i)));
    return {};
}

util::Result<void> format_hex(SettingType type, std::string_view bytes, util::String& text) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        util::Text<3> piece;
        if (i && type != SettingType::HexRaw) piece.character(type == SettingType::HexHyphen ? '-' : ':');
        TRY(text.append(piece.hex(byte_at(bytes, i), 2).view()));
    }
    return {};
}
// Pairs of digits, with any of ":-" or spaces between them; a single digit stands alone ("0:1:a").
util::Result<void> parse_hex(SettingType, std::string_view text, util::String& bytes) {
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

util::Result<void> format_base64(SettingType, std::string_view bytes, util::String& text) { return util::append_base64(text, bytes); }
util::Result<void> parse_base64(SettingType, std::string_view text, util::String& bytes) {
    std::uint32_t value = 0;
    unsigned bits = 0;
    while (!text.empty() && text.back() == '=') text.remove_suffix(1);
    for (char c : text) {
        int digit = util::base64_digit(c);
        if (digit < 0) return kBadSettingValue;
        value = value << 6 | static_cast<std::uint32_t>(digit);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        TRY(bytes.push(static_cast<char>(value >> bits)));
    }
    return {};
}

util::Result<void> format_uuid(SettingType type, std::string_view bytes, util::String& text) {
    if (bytes.size() != 16) return format_hex(SettingType::Hex, bytes, text);
    std::uint8_t written[16];
    std::memcpy(written, bytes.data(), sizeof written);
    if (type == SettingType::Guid) swap_guid(std::as_writable_bytes(std::span(written)));
    util::Text<36> uuid;
    for (std::size_t i = 0; i < sizeof written; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) uuid.character('-');
        uuid.hex(written[i], 2);
    }
    return text.append(uuid.view());
}
util::Result<void> parse_uuid(SettingType type, std::string_view text, util::String& bytes) {
    util::String written;
    TRY(parse_hex(SettingType::Hex, text, written));
    if (written.size() != 16) return kBadSettingValue;
    if (type == SettingType::Guid) swap_guid(std::as_writable_bytes(written.chars().span()));
    return bytes.append(written.view());
}

// Segment, bus, device, function; a PC without PCI Express has one segment, 0.
util::Result<void> format_busdevfn(SettingType, std::string_view bytes, util::String& text) {
    std::uint32_t value = big_endian(bytes);
    util::Text<16> location;
    return text.append(
        location.format("%04x:%02x:%02x.%x", value >> 16, value >> 8 & 0xff, value >> 3 & 0x1f, value & 7).view());
}
util::Result<void> parse_busdevfn(SettingType, std::string_view, util::String&) { return kBadSettingValue; }

util::Result<void> format_dnssl(SettingType, std::string_view bytes, util::String& text) {
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
util::Result<void> parse_dnssl(SettingType, std::string_view text, util::String& bytes) {
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

}  // namespace scripts
