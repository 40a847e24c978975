#include "net/wire/arp.h"

#include "net/wire/ethernet.h"

namespace net {

static constexpr std::uint16_t kHrdEthernet = 1;

std::optional<ArpMessage> parse_arp(util::Bytes data) {
    const auto* header = util::view_as<ArpHeader>(data);
    if (!header || header->hrd != kHrdEthernet || header->pro != ether_type::kIpv4 ||
        header->hln != sizeof(MacAddress) || header->pln != sizeof(Ipv4Address) || header->sha.is_multicast())
        return std::nullopt;
    auto operation = static_cast<ArpOperation>(header->op.get());
    if (operation != ArpOperation::Request && operation != ArpOperation::Reply) return std::nullopt;
    return ArpMessage{operation, header->sha, header->spa, header->tha, header->tpa};
}

ArpHeader make_arp(const ArpMessage& message) {
    ArpHeader header;
    header.hrd = kHrdEthernet;
    header.pro = ether_type::kIpv4;
    header.hln = sizeof(MacAddress);
    header.pln = sizeof(Ipv4Address);
    header.op = static_cast<std::uint16_t>(message.operation);
    header.sha = message.sender_mac;
    header.spa = message.sender;
    header.tha = message.target_mac;
    header.tpa = message.target;
    return header;
}

}  // namespace net
