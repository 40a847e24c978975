// A link that nothing goes through, for tests that want an interface to count on.
#pragma once

#include "net/link.h"

namespace host {

class NoLink final : public net::Link {
  public:
    util::Result<void> open() override { return {}; }
    void close() override {}
    bool transmit(net::Packet&) override { return false; }
    net::Packet receive() override { return {}; }
    net::LinkState state() override { return {}; }
    net::MacAddress address() const override { return {}; }
    const net::LinkIdentity& identity() const override { return identity_; }
    std::size_t receive_capacity() const override { return 0; }

  private:
    net::LinkIdentity identity_{"none", "no link"};
};

}  // namespace host
