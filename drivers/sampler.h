// Asks a device for its link state now and then: a register read leaves a virtual machine, and state() is
// called in every poll.
#pragma once

#include <cstdint>

namespace drivers {

class Sampler {
  public:
    void restart() { countdown_ = 0; }
    // True on the first call, then on every kInterval-th.
    bool due() {
        if (countdown_ == 0) {
            countdown_ = kInterval;
            return true;
        }
        --countdown_;
        return false;
    }
    // Some 10 ms of polling at most.
    static constexpr std::uint16_t kInterval = 256;

  private:
    std::uint16_t countdown_ = 0;
};

}  // namespace drivers
