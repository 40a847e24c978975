// The way out: routes, headers, fragments.
#include <algorithm>
#include <cstring>

#include "net/checksum.h"
#include "net/ip/ipv4.h"

namespace net {
namespace {

std::uint32_t mask_of(unsigned prefix) { return prefix ? ~std::uint32_t{0} << (32 - prefix) : 0; }

// How well an interface leads to a destination.
struct Match {
    int prefix = -1;  // bits that matched; -1: not at all
    Ipv4Address next_hop;
};

Match match(const Interface& interface, const Ipv4Config& config, Ipv4Address destination) {
    if (interface.is_broadcast(destination) || destination.is_multicast()) return {0, destination};
    Match best;
    if (!config.gateway.is_unspecified()) best = {0, config.gateway};
    for (std::size_t i = 0; i < config.route_count; ++i) {
        const Ipv4StaticRoute& route = config.routes[i];
        if ((route.network.value() ^ destination.value()) & mask_of(route.prefix)) continue;
        if (route.prefix > best.prefix)
            best = {route.prefix, route.gateway.is_unspecified() ? destination : route.gateway};
    }
    if (config.is_on_link(destination)) {
        int prefix = static_cast<int>(prefix_length(config.netmask).value_or(0));
        if (prefix >= best.prefix) best = {prefix, destination};
    }
    return best;
}

}  // namespace

util::Result<Ipv4Route> Ipv4::route(Ipv4Address destination) {
    bool reserved = destination.value() >> 28 == 0xf && !destination.is_limited_broadcast();
    if (destination.value() >> 24 == 0 || destination.is_loopback() || reserved) return kBadDestination;
    const util::Failure* failure = &kNoInterface;
    Interface* chosen = nullptr;
    int best = -1;
    Ipv4Address next_hop;
    for (const auto& interface : interfaces()) {
        const Ipv4Config* config = interface->config();
        if (!interface->is_open() || !config) continue;
        failure = &kNoRoute;
        Match found = match(*interface, *config, destination);
        if (found.prefix < 0) continue;
        int rank = found.prefix * 2 + interface->link_up();
        if (rank <= best) continue;
        best = rank;
        chosen = interface.get();
        next_hop = found.next_hop;
    }
    if (!chosen) {
        count(statistics_.out_no_routes);
        return *failure;
    }
    Ipv4Route route = route_by(*chosen, chosen->config()->address, destination);
    route.next_hop = next_hop;
    return route;
}

Ipv4Route Ipv4::route_by(Interface& interface, Ipv4Address source, Ipv4Address destination) {
    Link& link = interface.link();
    return {&interface,
            source,
            destination,
            path_mtus_.find(destination, interface.mtu(), now_),
            link.receive_capacity(),
            link.checksum_offload(),
            link.segmentation_limit()};
}

void Ipv4::send(const Ipv4Route& route, Ipv4Address destination, std::uint8_t protocol, Packet&& payload) {
    count(statistics_.out_requests);
    Ipv4Header header;
    header.identification = next_identification_++;
    header.protocol = protocol;
    header.source = route.source;
    header.destination = destination;
    bool cut_by_link = payload.buffer().segment_size;
    if (payload.size() + sizeof header > route.mtu && !cut_by_link) return send_fragments(route, header, std::move(payload));
    // TCP finds out what the path takes (RFC 1191); what else we send may be cut up on its way.
    if (protocol == ip_protocol::kTcp) header.flags_offset = Ipv4Header::kDontFragment;
    send_one(route, header, std::move(payload));
}

void Ipv4::send_one(const Ipv4Route& route, Ipv4Header& header, Packet&& packet) {
    if (!packet.buffer().segment_size) {
        header.total_length = static_cast<std::uint16_t>(sizeof header + packet.size());
        header.header_checksum = checksum_of(std::as_bytes(std::span(&header, 1)));
    }
    if (packet.buffer().checksum == Checksum::Offload) packet.buffer().checksum_start += sizeof header;
    util::MutableBytes room = packet.push(sizeof header);
    if (room.empty()) return route.interface->count_drop(Drop::NoMemory);
    std::memcpy(room.data(), &header, sizeof header);
    count(statistics_.out_transmits);
    count(statistics_.out_octets, packet.size());
    route.interface->send_ipv4(std::move(packet), route.next_hop);
}

void Ipv4::send_fragments(const Ipv4Route& route, Ipv4Header header, Packet&& payload) {
    constexpr std::size_t kUnit = 8;
    if (route.mtu < sizeof header + kUnit) return route.interface->count_drop(Drop::DatagramTooLarge);
    complete_checksum(payload);
    util::Bytes rest = payload.data();
    std::size_t most = (route.mtu - sizeof header) / kUnit * kUnit;
    for (std::size_t offset = 0; !rest.empty(); offset += most) {
        util::Bytes piece = rest.first(std::min(most, rest.size()));
        rest = rest.subspan(piece.size());
        Packet packet = packets_.allocate();
        if (!packet) return route.interface->count_drop(Drop::NoMemory);
        std::memcpy(packet.append(piece.size()).data(), piece.data(), piece.size());
        header.header_checksum = 0;
        header.flags_offset =
            static_cast<std::uint16_t>(offset / kUnit | (rest.empty() ? 0 : Ipv4Header::kMoreFragments));
        send_one(route, header, std::move(packet));
    }
}

}  // namespace net
