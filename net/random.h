// Random numbers for the network: ISN, ports, transaction ids, challenges. The platform makes them; tests may
// make them repeatable.
#pragma once

#include <cstdint>

#include "util/bytes.h"

namespace net {

class Random {
  public:
    virtual ~Random() = default;
    virtual void fill(util::MutableBytes target) = 0;
    std::uint32_t u32() {
        std::uint32_t value = 0;
        fill(std::as_writable_bytes(std::span(&value, 1)));
        return value;
    }
};

}  // namespace net
