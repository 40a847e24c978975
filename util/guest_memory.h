// The memory of whoever calls us in real mode (INT 13h, PXE), by physical address. Implemented by arch/ and by tests.
#pragma once

#include "util/bytes.h"

namespace util {

class GuestMemory {
  public:
    // Exactly `size` bytes, or empty when any of them is not the caller's to use (above 4 GiB, our own, no
    // RAM).
    virtual MutableBytes map(std::uint64_t address, std::size_t size) = 0;

  protected:
    ~GuestMemory() = default;
};

}  // namespace util
