#include "net/config/dhcp_interface.h"

#include "net/config/dhcp_lease.h"

namespace net {

static_assert(DhcpLease::kMaximumRoutes <= Ipv4Config::kMaximumRoutes);

util::Result<void> DhcpInterface::open() {
    if (!socket_) socket_ = TRY(UdpSocket::open_on(stack_, interface_, kDhcpClientPort));
    return {};
}

bool DhcpInterface::send(Ipv4Address source, Ipv4Address destination, util::Bytes message) {
    if (!socket_) return false;
    Ipv4Endpoint server{destination, kDhcpServerPort};
    // A server may be reached through a router only. One on our link, and everybody, by this interface: another one may be in the
    // same subnet.
    if (!destination.is_limited_broadcast() && !interface_.is_on_link(destination)) return socket_->send(server, message).ok();
    return socket_->send_on(interface_, source, server, message).ok();
}

DhcpPort::Received DhcpInterface::receive() {
    auto datagram = socket_ ? socket_->receive() : std::nullopt;
    if (!datagram) return {};
    return {std::move(datagram->payload), datagram->from.address};
}

std::optional<MacAddress> DhcpInterface::conflict() const {
    if (interface_.probe_state() != Interface::ProbeState::Conflict) return std::nullopt;
    return interface_.probe_answered_by();
}

Ipv4Config to_ipv4_config(const DhcpLease& lease) {
    Ipv4Config config{.address = lease.address, .netmask = lease.netmask, .gateway = lease.gateway, .mtu = lease.mtu};
    for (const DhcpRoute& route : std::span(lease.routes, lease.route_count))
        config.routes[config.route_count++] = {route.destination, route.prefix_length, route.router};
    return config;
}

void DhcpInterface::configure(const DhcpLease& lease) { interface_.configure(to_ipv4_config(lease)); }

}  // namespace net
