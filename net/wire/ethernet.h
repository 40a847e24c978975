// Ethernet II frames (RFC 894, IEEE 802.3 clause 3) and VLAN tags (IEEE 802.1Q clause 9).
#pragma once

#include "net/address.h"

namespace net {

struct EthernetHeader {
    MacAddress destination;
    MacAddress source;
    util::Be16 type;
};
static_assert(sizeof(EthernetHeader) == 14 && util::WireStruct<EthernetHeader>);

namespace ether_type {
inline constexpr std::uint16_t kIpv4 = 0x0800;
inline constexpr std::uint16_t kArp = 0x0806;
inline constexpr std::uint16_t kVlan = 0x8100;
}  // namespace ether_type

// What follows the type kVlan.
struct VlanTag {
    static constexpr std::uint16_t kIdMask = 0x0fff;  // 0: only the priority counts
    util::Be16 control;
    util::Be16 type;
};
static_assert(sizeof(VlanTag) == 4 && util::WireStruct<VlanTag>);

}  // namespace net
