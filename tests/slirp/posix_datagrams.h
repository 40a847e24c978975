// net::DatagramService over the host's own sockets, so that DNS and TFTP run against real servers on loopback without
// our stack below them.
#pragma once

#include <map>
#include <vector>

#include "net/datagram.h"

namespace host {

class PosixDatagrams final : public net::DatagramService {
  public:
    util::Result<util::Owned<net::DatagramSocket>> open(std::size_t queue) override;
    util::Result<Path> path(net::Ipv4Address) override { return Path{1500, 64}; }

    // Well-known ports that are really other ones, as tests do not get those of the machine.
    std::map<std::uint16_t, std::uint16_t> ports;
    // One of so many received datagrams is dropped; 0: none.
    unsigned loss = 0;

  private:
    class Socket;
    std::vector<std::byte> memory_ = std::vector<std::byte>(16 * net::PacketBuffer::kStride);
    net::PacketPool pool_{memory_};
    unsigned received_ = 0;
};

}  // namespace host
