// What a DHCP server gave us: the address and its surroundings, checked, and the message itself, which settings read.
#pragma once

#include "net/wire/dhcp.h"
#include "net/wire/dns.h"
#include "util/time.h"

namespace net {

// What is odd about a lease but does not stop it from being used. Logged when the lease is taken.
enum class DhcpOddity : std::uint8_t {
    NetmaskMissing,     // guessed from the address's class
    NetmaskBroken,      // its ones are not contiguous; guessed likewise
    GatewayOffLink,     // the router is not in our subnet; it is used through an on-link route
    GatewayUnusable,    // the router is no unicast address, or our own; left out
    ServerUnnamed,      // no server identifier (option 54): the sender's address is taken
};

struct DhcpLease {
    static constexpr std::size_t kMaximumDnsServers = 4;
    static constexpr std::size_t kMaximumRoutes = 16;

    DhcpMessage message;  // the ACK; views below point into it

    Ipv4Address address;
    std::uint8_t prefix_length = 0;
    Ipv4Address netmask;
    Ipv4Address gateway;  // unspecified: none. From option 3, or the default route of option 121
    DhcpRoute routes[kMaximumRoutes];  // option 121, or 249; without the default route
    std::uint8_t route_count = 0;
    Ipv4Address dns_servers[kMaximumDnsServers];
    std::uint8_t dns_server_count = 0;
    util::Text<256> search;  // option 119 (or else 15), names separated by spaces
    std::uint16_t mtu = 0;   // option 26; 0: not given or not usable

    Ipv4Address server;       // option 54
    Ipv4Address next_server;  // siaddr
    std::string_view filename() const { return message.filename(); }
    std::string_view root_path() const { return message.options.text(dhcp_option::kRootPath); }
    std::string_view host_name() const { return message.options.text(dhcp_option::kHostName); }
    std::string_view domain() const { return message.options.text(dhcp_option::kDomainName); }
    // By number or path, "17", "175.8"; nullopt when absent.
    std::optional<util::Bytes> option(std::string_view path) const { return message.options.find(path); }

    util::Instant obtained;
    // Counted from obtained (RFC 2131 section 4.4.5); all are Duration::seconds(kForever) for an infinite lease.
    static constexpr std::int64_t kForever = 0xffffffff;
    util::Duration duration, renewal, rebinding;

    std::uint8_t oddities = 0;  // bits, by DhcpOddity
    bool has(DhcpOddity oddity) const { return oddities >> static_cast<unsigned>(oddity) & 1; }
};

// Whether an OFFER, ACK or BOOTP reply gives an address that a host can have: a unicast one, neither the network's own
// nor its broadcast address. Returns why not, in words; nullptr when it does.
const char* unusable_lease(const DhcpMessage& message);

// The lease that an ACK (or BOOTP reply) describes. sender is the address it came from.
// Precondition: unusable_lease() found nothing.
DhcpLease make_lease(DhcpMessage&& message, Ipv4Address sender, util::Instant now);

}  // namespace net
