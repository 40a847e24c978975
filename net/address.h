// Addresses: Ethernet, IPv4, and an endpoint of a transport.
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "util/bytes.h"
#include "util/text.h"

namespace net {

// IEEE 802 MAC address, in transmission order.
struct MacAddress {
    std::array<std::uint8_t, 6> octets{};
    static constexpr MacAddress broadcast() { return {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}; }
    constexpr bool is_multicast() const { return octets[0] & 1; }
    constexpr bool operator==(const MacAddress& other) const {
        // As three words: this is asked of every frame.
        using Words = std::array<std::uint16_t, 3>;
        Words a = std::bit_cast<Words>(octets), b = std::bit_cast<Words>(other.octets);
        return ((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2])) == 0;
    }
};
static_assert(sizeof(MacAddress) == 6 && alignof(MacAddress) == 1);

// IPv4 address; value() is in host order, the layout in memory is network order.
class Ipv4Address {
  public:
    constexpr Ipv4Address() = default;
    explicit constexpr Ipv4Address(std::uint32_t value) : value_(value) {}
    constexpr Ipv4Address(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d)
        : value_(std::uint32_t{a} << 24 | std::uint32_t{b} << 16 | std::uint32_t{c} << 8 | d) {}
    static constexpr Ipv4Address broadcast() { return Ipv4Address(0xffffffffu); }
    // Dotted quad only; nullopt for anything else.
    static std::optional<Ipv4Address> parse(std::string_view text);

    constexpr std::uint32_t value() const { return value_.get(); }
    constexpr bool is_unspecified() const { return raw() == 0; }
    constexpr bool is_loopback() const { return value() >> 24 == 127; }
    constexpr bool is_multicast() const { return value() >> 28 == 0xe; }
    constexpr bool is_limited_broadcast() const { return raw() == 0xffffffffu; }
    // As it is in memory, for checksums.
    constexpr std::uint32_t raw() const { return std::bit_cast<std::uint32_t>(value_); }
    constexpr bool operator==(const Ipv4Address& other) const { return raw() == other.raw(); }

  private:
    util::Be32 value_;
};
static_assert(sizeof(Ipv4Address) == 4 && alignof(Ipv4Address) == 1);

// Prefix length of a netmask; nullopt when its ones are not contiguous.
std::optional<unsigned> prefix_length(Ipv4Address netmask);

struct Ipv4Endpoint {
    Ipv4Address address;
    std::uint16_t port = 0;  // host order
    bool operator==(const Ipv4Endpoint&) const = default;
};

// "52:54:00:12:34:56" and "10.0.2.15", for messages.
util::Text<18> to_text(const MacAddress& address);
util::Text<16> to_text(Ipv4Address address);

}  // namespace net
