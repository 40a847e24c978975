// How many packets of the pool a receive ring may hold, and when it takes more.
#pragma once

#include <algorithm>

#include "net/packet.h"

namespace drivers {

// Never the whole pool: TCP holds packets until they are read, and an acknowledgement must always find one.
class ReceiveBudget {
  public:
    explicit ReceiveBudget(net::PacketPool& pool) : pool_(pool) {}

    // At opening: fixes the number of packets that the ring holds when full, at most `slots`.
    void open(std::size_t slots) {
        reserve_ = pool_.total() / 8;
        target_ = std::min(slots, pool_.available() - pool_.available() / 4);
    }
    std::size_t target() const { return target_; }
    // What can surely arrive in one burst: up to one batch may be missing when it begins.
    std::size_t burst() const { return target_ - batch(); }

    // How many packets to add to a ring that has `posted` now; 0 while it does not pay.
    std::size_t wanted(std::size_t posted) const {
        std::size_t missing = target_ - posted;
        if (missing < batch() || missing == 0) return 0;
        std::size_t available = pool_.available() > reserve_ ? pool_.available() - reserve_ : 0;
        if (available < batch() && posted > batch()) return 0;
        return std::min(missing, available);
    }
    net::PacketPool& pool() const { return pool_; }

  private:
    // New buffers are given to the device in batches of 47 for a ring of 255: telling it is a register write, which leaves a virtual
    // machine and takes 10 us of QEMU's e1000. Larger ones cost more of the window than they gain.
    std::size_t batch() const { return 3 * target_ / 16; }

    net::PacketPool& pool_;
    std::size_t reserve_ = 0;
    std::size_t target_ = 0;
};

}  // namespace drivers
