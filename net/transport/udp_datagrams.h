// DatagramService over the stack's UDP: what DNS and TFTP get in the firmware.
#pragma once

#include "net/datagram.h"
#include "net/stack.h"

namespace net {

class UdpDatagrams final : public DatagramService {
  public:
    explicit UdpDatagrams(Stack& stack) : stack_(stack) {}
    util::Result<util::Owned<DatagramSocket>> open(std::size_t queue) override;
    util::Result<Path> path(Ipv4Address destination) override;

  private:
    Stack& stack_;
};

}  // namespace net
