// What the DHCP client needs of the interface that it configures: messages on the UDP ports 67 and 68 before there is
// an address, the link's state, and to know whether anybody else has an address. Implemented over net::Interface in
// net/config/dhcp_interface.h, and by a scripted network in the tests.
#pragma once

#include "net/address.h"
#include "net/packet.h"
#include "util/time.h"

namespace net {

struct DhcpLease;

class DhcpPort {
  public:
    virtual ~DhcpPort() = default;

    virtual std::string_view name() const = 0;  // "net0"
    virtual MacAddress mac() const = 0;
    virtual bool link_up() const = 0;
    // Whether replies must be broadcast, as those to an address that is not ours yet would not be received: so when the
    // interface has another one now.
    virtual bool needs_broadcast() const = 0;

    // Sends from port 68 to port 67. An unspecified source with a broadcast destination works without any
    // configuration. False: not now (no buffer, no route); the client tries again by its schedule.
    virtual bool send(Ipv4Address source, Ipv4Address destination, util::Bytes message) = 0;

    struct Received {
        Packet message;  // the UDP payload; null: nothing is waiting
        Ipv4Address source;
    };
    virtual Received receive() = 0;

    // Asks by ARP (RFC 5227 section 2.1.1) whether the address is in use, without waiting for the answer.
    virtual void probe(Ipv4Address address, util::Instant now) = 0;
    // Who claims the probed address; nullopt as long as nobody has.
    virtual std::optional<MacAddress> conflict() const = 0;

    // Puts the lease to use, or takes the address away again.
    virtual void configure(const DhcpLease& lease) = 0;
    virtual void deconfigure() = 0;
};

}  // namespace net
