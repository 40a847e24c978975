// ARP messages for IPv4 over Ethernet (RFC 826).
#pragma once

#include <optional>

#include "net/address.h"

namespace net {

enum class ArpOperation : std::uint16_t { Request = 1, Reply = 2 };

// With RFC 826's names: hardware and protocol addresses of sender and target.
struct ArpHeader {
    util::Be16 hrd, pro;
    std::uint8_t hln = 0, pln = 0;
    util::Be16 op;
    MacAddress sha;
    Ipv4Address spa;
    MacAddress tha;
    Ipv4Address tpa;
};
static_assert(sizeof(ArpHeader) == 28 && util::WireStruct<ArpHeader>);

struct ArpMessage {
    ArpOperation operation = ArpOperation::Request;
    MacAddress sender_mac;
    Ipv4Address sender;
    MacAddress target_mac;
    Ipv4Address target;
};

// nullopt: too short, not IPv4 over Ethernet, neither request nor reply, or a sender whose MAC is no unicast one.
std::optional<ArpMessage> parse_arp(util::Bytes data);
ArpHeader make_arp(const ArpMessage& message);

}  // namespace net
