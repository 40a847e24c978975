// MD5 (RFC 1321), for CHAP and HTTP digests: a few blocks each time, so written for size. What is long goes to BearSSL's (hash.h),
// which needs an i686.
#pragma once

#include <array>
#include <cstdint>

#include "util/bytes.h"

namespace util {

class Md5 {
  public:
    using Digest = std::array<std::byte, 16>;

    void update(Bytes data);
    // Of all that was given so far; more may follow.
    Digest digest() const;

  private:
    static constexpr std::uint32_t kBlock = 64;

    void put(std::byte byte);
    void take_block();

    std::uint32_t size_ = 0;  // of all, below 512 MiB
    std::uint32_t state_[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    unsigned char block_[kBlock];
};

}  // namespace util
