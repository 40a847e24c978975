// CRC32C, the digest of iSCSI: RFC 7143 section 13.1.
#pragma once

#include "util/crc32.h"

namespace san {

// A running checksum.
class Crc32c {
  public:
    void update(util::Bytes data) { sum_ = util::crc32(sum_, data, util::kCrc32c); }
    void reset() { sum_ = 0; }
    // As it is on the wire: the CRC's least significant byte comes first.
    util::Le32 wire() const { return util::Le32(sum_); }
    std::uint32_t value() const { return sum_; }

  private:
    std::uint32_t sum_ = 0;
};

}  // namespace san
