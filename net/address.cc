#include "net/address.h"

#include <bit>

namespace net {

std::optional<Ipv4Address> Ipv4Address::parse(std::string_view text) {
    std::uint32_t value = 0;
    for (unsigned part = 0; part < 4; ++part) {
        auto split = util::split_first(text, '.');
        if (split.found != (part < 3) || split.before.size() > 3) return std::nullopt;
        auto octet = util::parse_decimal(split.before);
        if (!octet || *octet > 255) return std::nullopt;
        value = value << 8 | static_cast<std::uint32_t>(*octet);
        text = split.after;
    }
    return Ipv4Address(value);
}

std::optional<unsigned> prefix_length(Ipv4Address netmask) {
    std::uint32_t host_bits = ~netmask.value();
    if (host_bits & (host_bits + 1)) return std::nullopt;
    return static_cast<unsigned>(std::countl_one(netmask.value()));
}

util::Text<18> to_text(const MacAddress& address) {
    util::Text<18> text;
    for (std::uint8_t octet : address.octets) {
        if (!text.view().empty()) text.character(':');
        text.hex(octet, 2);
    }
    return text;
}

util::Text<16> to_text(Ipv4Address address) {
    util::Text<16> text;
    for (int shift = 24; shift >= 0; shift -= 8) {
        if (!text.view().empty()) text.character('.');
        text.decimal(address.value() >> shift & 0xff);
    }
    return text;
}

}  // namespace net
