// Hash functions to choose from, for checksums of whole images: BearSSL's, whose Debian library needs an i686.
#pragma once

#include <bearssl/bearssl_hash.h>

#include "util/bytes.h"

namespace util {

// MD5 (RFC 1321), SHA-1 and SHA-2 (FIPS 180-4).
enum class HashAlgorithm : std::uint8_t { Md5, Sha1, Sha224, Sha256, Sha384, Sha512 };

class Hash {
  public:
    explicit Hash(HashAlgorithm algorithm);
    void update(Bytes data);
    // Of all that was given so far; more may follow. Valid until the next call.
    Bytes digest();

  private:
    br_hash_compat_context context_;
    std::byte digest_[br_sha512_SIZE];
};

}  // namespace util
