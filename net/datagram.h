// UDP as DNS and TFTP are written against it: a socket on a port of its own, polled. Over the stack it is
// net/transport/udp_datagrams.h; the tests have scripted servers behind it.
#pragma once

#include "net/address.h"
#include "net/packet.h"
#include "util/owned.h"
#include "util/result.h"

namespace net {

class DatagramSocket {
  public:
    virtual ~DatagramSocket() = default;
    // Sends a copy. What cannot be sent now is lost, as it may be on the way; there are timers for both.
    virtual void send(const Ipv4Endpoint& remote, util::Bytes payload) = 0;
    struct Received {
        Packet payload;  // null: nothing is waiting
        Ipv4Endpoint remote;
    };
    virtual Received receive() = 0;
    // Whether ICMP has said that nothing listens where we last sent to, or that there is no way there; sending
    // forgets it.
    virtual bool refused() const = 0;
};

// Makes sockets: UDP over a stack, or a test's own.
class DatagramService {
  public:
    virtual ~DatagramService() = default;
    // On a free port chosen at random (RFC 6056), where so many datagrams may wait. Failure: out of memory.
    virtual util::Result<util::Owned<DatagramSocket>> open(std::size_t queue) = 0;

    // What fits on the way to a destination: invited bursts stay below receive_capacity datagrams.
    struct Path {
        std::uint16_t mtu = 1500;
        std::size_t receive_capacity = 1;
    };
    // Failure: no route.
    virtual util::Result<Path> path(Ipv4Address destination) = 0;
};

}  // namespace net
