// IPv4 headers (RFC 791 section 3.1).
#pragma once

#include <optional>

#include "net/address.h"
#include "net/packet.h"

namespace net {

namespace ip_protocol {
inline constexpr std::uint8_t kIcmp = 1;
inline constexpr std::uint8_t kTcp = 6;
inline constexpr std::uint8_t kUdp = 17;
}  // namespace ip_protocol

struct Ipv4Header {
    static constexpr std::uint8_t kVersion4NoOptions = 0x45;
    static constexpr std::uint16_t kDontFragment = 0x4000;
    static constexpr std::uint16_t kMoreFragments = 0x2000;
    static constexpr std::uint16_t kOffsetMask = 0x1fff;  // in units of 8 bytes

    std::uint8_t version_ihl = kVersion4NoOptions;
    std::uint8_t type_of_service = 0;
    util::Be16 total_length;
    util::Be16 identification;
    util::Be16 flags_offset;
    std::uint8_t time_to_live = 64;
    std::uint8_t protocol = 0;
    util::Be16 header_checksum;
    Ipv4Address source, destination;

    std::size_t header_size() const { return std::size_t{version_ihl} % 16 * 4; }
    std::size_t fragment_offset() const { return std::size_t{flags_offset.get()} % 0x2000 * 8; }
    bool more_fragments() const { return flags_offset.get() & kMoreFragments; }
    bool is_fragment() const { return flags_offset.get() & (kMoreFragments | kOffsetMask); }
};
static_assert(sizeof(Ipv4Header) == 20 && util::WireStruct<Ipv4Header>);

enum class Ipv4HeaderError : std::uint8_t { None, Broken, Checksum };

// Looks whether an IPv4 header in front of data is sound: version, lengths (options and all of total_length present), and
// its checksum unless that is Verified.
Ipv4HeaderError check_ipv4_header(util::Bytes data, Checksum checksum);

}  // namespace net
