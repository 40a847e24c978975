// MD5 (RFC 1321), for CHAP and HTTP digests: BearSSL's, whose Debian library needs an i686.
#pragma once

#include <bearssl/bearssl_hash.h>

#include <array>

#include "util/bytes.h"

namespace util {

class Md5 {
  public:
    using Digest = std::array<std::byte, br_md5_SIZE>;

    Md5();
    void update(Bytes data);
    // Of all that was given so far; more may follow.
    Digest digest() const;

  private:
    br_md5_context context_;
};

}  // namespace util
