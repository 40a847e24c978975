// The Internet checksum (RFC 1071): IPv4, ICMP, UDP and TCP.
//
// A running sum is a 32-bit one's complement number in the byte order of memory (RFC 1071 section 2(B)); only what comes
// out of checksum_field() and checksum_partial() is in host order, to be assigned to a Be16 field.
#pragma once

#include <cstdint>

#include "net/address.h"
#include "net/packet.h"

namespace net {

// Adds bytes to a running sum. Pieces but the last one must have even lengths.
std::uint32_t checksum_add(std::uint32_t sum, util::Bytes data);
// Adds the pseudo-header of UDP and TCP (RFC 768, RFC 9293 section 3.1). length: of transport header and payload.
std::uint32_t checksum_add_pseudo_header(std::uint32_t sum, Ipv4Address source, Ipv4Address destination,
                                         std::uint8_t protocol, std::uint16_t length);
// One's complement of the sum, folded: the value of the header field. Over data that contain a right field it is 0.
std::uint16_t checksum_field(std::uint32_t sum);
// Folded, not complemented: what a NIC that completes a checksum
// (Checksum::Offload) wants to find in the field: the sum of the pseudo-header.
std::uint16_t checksum_partial(std::uint32_t sum);

inline std::uint16_t checksum_of(util::Bytes data) { return checksum_field(checksum_add(0, data)); }

// Completes in software what was left for the NIC: Checksum::Offload becomes Checksum::Unknown.
void complete_checksum(Packet& packet);

}  // namespace net
