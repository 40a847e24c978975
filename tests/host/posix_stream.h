// net::Stream over the host's own sockets, so that what is written against streams runs against real servers on
// loopback without our TCP below it. For tests and host programs.
#pragma once

#include "net/stream.h"
#include "util/time.h"

namespace host {

class PosixConnector final : public net::Connector {
  public:
    util::Result<util::Owned<net::Stream>> connect(const net::Ipv4Endpoint& remote) override;
};

// Waits until one of the streams moves or `until` comes: for host::use_real_time.
void wait_for_sockets(util::Instant until);

}  // namespace host
