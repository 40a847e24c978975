// Sizes of Ethernet frames without FCS, and addresses that a NIC may have (IEEE 802.3, clause 3).
#pragma once

#include <algorithm>

#include "net/address.h"
#include "net/packet.h"

namespace drivers {

inline constexpr std::size_t kHeaderSize = 14;
inline constexpr std::size_t kShortestFrame = 60;
inline constexpr std::size_t kLongestFrame = 1518;  // with one VLAN tag

constexpr bool is_frame_size(std::size_t size) {
    return size >= kHeaderSize && size <= kLongestFrame;
}

// Fills a frame up to the shortest legal size with zeros: nothing else's bytes may leak.
inline void pad_frame(net::Packet& packet) {
    if (packet.size() >= kShortestFrame) return;
    util::MutableBytes padding = packet.append(kShortestFrame - packet.size());
    std::fill(padding.begin(), padding.end(), std::byte{0});
}

constexpr bool is_unicast(const net::MacAddress& address) {
    return !address.is_multicast() && address != net::MacAddress{};
}

}  // namespace drivers
