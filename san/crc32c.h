// CRC32C (Castagnoli), the digest of iSCSI: RFC 7143 section 13.1, polynomial 11EDC6F41h, reflected.
#pragma once

#include <array>
#include <cstdint>

#include "util/bytes.h"

namespace san {

// A running checksum. Four bits a step: 64 bytes of table, as digests are rarely asked for and ROM space is dear.
class Crc32c {
  public:
    void update(util::Bytes data);
    void reset() { state_ = 0xffffffff; }
    // As it is on the wire: the CRC's least significant byte comes first.
    util::Le32 wire() const { return util::Le32(~state_); }
    std::uint32_t value() const { return ~state_; }

  private:
    std::uint32_t state_ = 0xffffffff;
};

}  // namespace san
