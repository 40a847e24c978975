// Distinguished Encoding Rules (X.690): what certificates and signatures are written in. A sticky-fail reader, as util::Reader is: what is
// not there or not DER yields an empty item, and ok() is asked once.
#pragma once

#include "util/bytes.h"

namespace net {

// Tags (X.690 section 8.1.2): universal ones, and [n] of a context.
namespace der {
inline constexpr std::uint8_t kBoolean = 0x01, kInteger = 0x02, kBitString = 0x03, kOctetString = 0x04, kObject = 0x06, kUtcTime = 0x17,
                              kGeneralizedTime = 0x18, kSequence = 0x30, kSet = 0x31;
constexpr std::uint8_t context(std::uint8_t number) { return 0x80 | number; }
constexpr std::uint8_t constructed(std::uint8_t number) { return 0xa0 | number; }
}  // namespace der

struct DerItem {
    std::uint8_t tag = 0;
    util::Bytes content;
    util::Bytes whole;  // with tag and length
};

class DerReader {
  public:
    explicit DerReader(util::Bytes data) : reader_(data) {}

    bool ok() const { return reader_.ok(); }
    void fail() { reader_.fail(); }
    bool at_end() const { return !reader_.remaining(); }
    // The next item, whichever it is. Tags of one byte only; lengths are definite and as short as can be.
    DerItem next();
    // Likewise, which must have that tag.
    DerItem expect(std::uint8_t tag);
    // What is in it, likewise.
    DerReader enter(std::uint8_t tag) { return DerReader(expect(tag).content, ok()); }
    bool is_next(std::uint8_t tag) const;
    // If it has that tag; else an empty item, and nothing is taken.
    DerItem optional(std::uint8_t tag) { return is_next(tag) ? next() : DerItem(); }

  private:
    DerReader(util::Bytes data, bool is_ok) : reader_(data) {
        if (!is_ok) reader_.fail();
    }
    util::Reader reader_;
};

// Of an INTEGER that is not negative: without the zeros in front. Empty: it is negative, or 0.
util::Bytes der_magnitude(util::Bytes integer);
// Of a BIT STRING with whole bytes; empty: it is none.
util::Bytes der_whole_bits(util::Bytes bit_string);

}  // namespace net
