// ICMP messages (RFC 792; next-hop MTU: RFC 1191 section 4).
#pragma once

#include "net/address.h"

namespace net {

enum class IcmpType : std::uint8_t {
    EchoReply = 0,
    DestinationUnreachable = 3,
    Redirect = 5,
    Echo = 8,
    TimeExceeded = 11,
    ParameterProblem = 12,
};

namespace icmp_unreachable {  // codes of DestinationUnreachable
inline constexpr std::uint8_t kProtocol = 2;
inline constexpr std::uint8_t kPort = 3;
inline constexpr std::uint8_t kFragmentationNeeded = 4;
}  // namespace icmp_unreachable

struct IcmpHeader {
    IcmpType type{};
    std::uint8_t code = 0;
    util::Be16 checksum;
    // Echo: identifier and sequence number. FragmentationNeeded: zero and the next hop's MTU. Else unused.
    util::Be16 identifier;
    util::Be16 sequence;
};
static_assert(sizeof(IcmpHeader) == 8 && util::WireStruct<IcmpHeader>);

}  // namespace net
