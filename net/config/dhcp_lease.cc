#include "net/config/dhcp_lease.h"

#include <algorithm>

namespace net {

namespace {

constexpr std::uint16_t kSmallestMtu = 576;  // RFC 2132 section 5.1 allows 68; nothing we do works with that

bool is_unicast(Ipv4Address address) {
    std::uint32_t top = address.value() >> 24;
    return top != 0 && top != 127 && top < 224;  // RFC 1122 section 3.2.1.3, RFC 1112 class E
}

// The mask of the address's class (RFC 791), for servers that give none.
std::uint8_t class_prefix(Ipv4Address address) {
    std::uint32_t top = address.value() >> 24;
    return top < 128 ? 8 : top < 192 ? 16 : 24;
}

constexpr std::uint32_t mask_of(unsigned prefix) { return prefix ? 0xffffffffu << (32 - prefix) : 0; }

struct Mask {
    std::uint8_t prefix;
    bool missing, broken;
};

Mask read_mask(const DhcpMessage& message) {
    std::uint32_t mask = message.options.u32(dhcp_option::kSubnetMask, 0);
    auto prefix = static_cast<std::uint8_t>(std::countl_one(mask));
    if (mask == 0) return {class_prefix(message.header.yiaddr), true, false};
    if (mask != mask_of(prefix)) return {class_prefix(message.header.yiaddr), false, true};
    return {prefix, false, false};
}

void note(DhcpLease& lease, DhcpOddity oddity) {
    lease.oddities = static_cast<std::uint8_t>(lease.oddities | 1u << static_cast<unsigned>(oddity));
}

void read_subnet(DhcpLease& lease) {
    Mask mask = read_mask(lease.message);
    lease.address = lease.message.header.yiaddr;
    lease.prefix_length = mask.prefix;
    lease.netmask = Ipv4Address(mask_of(mask.prefix));
    if (mask.missing) note(lease, DhcpOddity::NetmaskMissing);
    if (mask.broken) note(lease, DhcpOddity::NetmaskBroken);
}

// Option 121 makes a client ignore option 3 (RFC 3442); 249 is 121 by an older number.
void read_routes(DhcpLease& lease) {
    const DhcpOptions& options = lease.message.options;
    lease.gateway = options.address(dhcp_option::kRouter);
    auto classless = options.find(dhcp_option::kClasslessRoutes);
    if (!classless) classless = options.find(dhcp_option::kMicrosoftRoutes);
    if (classless) {
        util::Reader reader(*classless);
        bool first = true;
        while (auto route = take_dhcp_route(reader)) {
            if (first) lease.gateway = Ipv4Address();
            first = false;
            if (route->prefix_length == 0)
                lease.gateway = route->router;
            else if (lease.route_count < DhcpLease::kMaximumRoutes)
                lease.routes[lease.route_count++] = *route;
        }
    }
    if (lease.gateway.is_unspecified()) return;
    if (!is_unicast(lease.gateway) || lease.gateway == lease.address) {
        lease.gateway = Ipv4Address();
        note(lease, DhcpOddity::GatewayUnusable);
    } else if ((lease.gateway.value() ^ lease.address.value()) & lease.netmask.value()) {
        note(lease, DhcpOddity::GatewayOffLink);
    }
}

void read_names(DhcpLease& lease) {
    const DhcpOptions& options = lease.message.options;
    util::Reader servers(options.find(dhcp_option::kDomainNameServer).value_or(util::Bytes{}));
    while (servers.remaining() >= 4 && lease.dns_server_count < DhcpLease::kMaximumDnsServers) {
        auto server = servers.take<Ipv4Address>();
        if (is_unicast(server)) lease.dns_servers[lease.dns_server_count++] = server;
    }
    // RFC 3397: names as in a DNS message that is the option itself.
    util::Bytes search = options.find(dhcp_option::kDomainSearch).value_or(util::Bytes{});
    DnsName name;
    for (std::size_t offset = 0; offset < search.size() && read_dns_name(search, offset, name);) {
        if (lease.search.view().size() + 1 + name.view().size() > 256) break;
        if (!lease.search.view().empty()) lease.search.character(' ');
        lease.search.text(name.view());
    }
    if (lease.search.view().empty()) lease.search.text(lease.domain());
    auto mtu = options.find(dhcp_option::kInterfaceMtu);
    if (mtu && mtu->size() == 2 && util::Reader(*mtu).be16() >= kSmallestMtu) lease.mtu = util::Reader(*mtu).be16();
}

// RFC 2131 section 4.4.5: T1 is half of the lease and T2 seven eighths of it, unless the server says otherwise.
void read_times(DhcpLease& lease, util::Instant now) {
    const DhcpOptions& options = lease.message.options;
    constexpr std::int64_t kShortest = 60;  // a server that says less would keep us busy renewing
    std::int64_t duration = options.u32(dhcp_option::kLeaseTime, DhcpLease::kForever);
    duration = std::max(duration, kShortest);
    bool forever = duration >= DhcpLease::kForever;
    std::int64_t rebinding = forever ? DhcpLease::kForever : duration * 7 / 8;
    std::int64_t renewal = forever ? DhcpLease::kForever : duration / 2;
    std::int64_t wanted_rebinding = options.u32(dhcp_option::kRebindingTime, 0);
    if (wanted_rebinding >= kShortest && wanted_rebinding < duration) rebinding = wanted_rebinding;
    std::int64_t wanted_renewal = options.u32(dhcp_option::kRenewalTime, 0);
    if (wanted_renewal >= kShortest / 2 && wanted_renewal < rebinding) renewal = wanted_renewal;
    lease.obtained = now;
    lease.duration = util::Duration::seconds(duration);
    lease.renewal = util::Duration::seconds(std::min(renewal, rebinding));
    lease.rebinding = util::Duration::seconds(rebinding);
}

}  // namespace

const char* unusable_lease(const DhcpMessage& message) {
    Ipv4Address address = message.header.yiaddr;
    if (address.is_unspecified()) return "it has no address for us";
    if (!is_unicast(address)) return "its address is no unicast address";
    Mask mask = read_mask(message);
    if (mask.prefix > 30 || mask.missing || mask.broken) return nullptr;
    std::uint32_t host = address.value() & ~mask_of(mask.prefix);
    if (host == 0) return "its address is the subnet's own";
    if (host == ~mask_of(mask.prefix)) return "its address is the subnet's broadcast address";
    return nullptr;
}

DhcpLease make_lease(DhcpMessage&& message, Ipv4Address sender, util::Instant now) {
    DhcpLease lease{.message = std::move(message)};
    read_subnet(lease);
    read_routes(lease);
    read_names(lease);
    read_times(lease, now);
    lease.next_server = lease.message.header.siaddr;
    lease.server = lease.message.options.address(dhcp_option::kServerIdentifier);
    if (lease.server.is_unspecified()) {
        lease.server = sender;
        note(lease, DhcpOddity::ServerUnnamed);
    }
    return lease;
}

}  // namespace net
