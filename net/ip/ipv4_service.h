// The seam between IPv4 and the transports above it (ICMP, UDP, TCP): what they may ask of IP, and what IP hands
// them. Implemented by net::Stack; by a small fake in the TCP tests.
#pragma once

#include <cstdint>

#include "net/address.h"
#include "net/packet.h"
#include "util/result.h"
#include "util/time.h"

namespace net {

class Interface;

// Where a datagram to some destination would go.
struct Ipv4Route {
    Interface* interface = nullptr;
    Ipv4Address source;       // our address on that interface
    Ipv4Address next_hop;     // the destination itself when it is on-link
    std::uint16_t mtu = 1500; // of the interface, or the smaller path MTU learnt by ICMP
    std::size_t receive_capacity = 0;  // Link::receive_capacity() of the interface
    bool checksum_offload = false;
    std::size_t segmentation_limit = 0;  // Link::segmentation_limit() of the interface
};

class Ipv4Service {
  public:
    virtual ~Ipv4Service() = default;
    // Failure: no interface that is up, configured, and leads there.
    virtual util::Result<Ipv4Route> route(Ipv4Address destination) = 0;
    // Puts an IPv4 header in front of the payload and sends it (resolving the next hop by ARP, queueing shortly
    // meanwhile). Drops silently what cannot be sent, as IP does.
    virtual void send(const Ipv4Route& route, Ipv4Address destination, std::uint8_t protocol, Packet&& payload) = 0;
    virtual PacketPool& packets() = 0;
};

// A received datagram: whole (reassembled), header checked and stripped.
struct Ipv4Datagram {
    Interface* interface;
    Ipv4Address source, destination;
    bool to_broadcast;  // link-layer or IP broadcast or multicast
    Packet payload;     // payload.buffer().checksum is Verified when the NIC has checked the transport's sum
};

// What ICMP says of a datagram that we sent (RFC 792, RFC 1191).
struct Ipv4Error {
    enum class Kind { Unreachable, PortUnreachable, FragmentationNeeded, TimeExceeded } kind;
    Ipv4Address destination;      // of our datagram
    std::uint16_t next_hop_mtu;   // FragmentationNeeded; 0 when the router did not say
    util::Bytes transport_header; // the first bytes (at least 8) of what we sent behind its IPv4 header
};

class Ipv4Protocol {
  public:
    virtual ~Ipv4Protocol() = default;
    virtual void receive(Ipv4Datagram&& datagram, util::Instant now) = 0;
    virtual void error(const Ipv4Error& error, util::Instant now) = 0;
    // Whether the quoted header is of a conversation that exists (for TCP: a sequence number in flight, RFC 5927
    // section 4.1). Asked before the path MTU to the destination is lowered, for anybody can forge ICMP.
    virtual bool owns(const Ipv4Error&) { return true; }
    // Whether what comes from a remote port to a local one has somebody here who waits for it.
    virtual bool expects(const Ipv4Endpoint&, std::uint16_t) { return false; }
};

}  // namespace net
