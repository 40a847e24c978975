// UDP for PXE programs (PXE 2.1 section 3.4). A program names its port with each call: sockets are made of ports as they
// are first named, so that what arrives for one is not lost while the program asks for another.
#pragma once

#include <array>

#include "net/transport/udp.h"

namespace net {

class PxeUdp {
  public:
    static constexpr std::size_t kMaximumPorts = 8;

    bool is_open = false;
    Ipv4Address source;  // as the program gave it; unspecified: the interface's

    // The socket of a port; when there are too many, in place of the one not named for longest. Failure: kUdpPortInUse,
    // out of memory.
    util::Result<UdpSocket*> socket(Stack& stack, std::uint16_t port);
    // What waits at a port, or at any (0), and was sent to an address, or to any.
    struct Received {
        UdpDatagram datagram;
        std::uint16_t port;
    };
    std::optional<Received> receive(std::uint16_t port, Ipv4Address destination);
    void close();

  private:
    struct Port {
        util::Owned<UdpSocket> socket;
        std::uint32_t last_named = 0;
    };
    std::array<Port, kMaximumPorts> ports_;
    std::uint32_t clock_ = 0;
};

}  // namespace net
