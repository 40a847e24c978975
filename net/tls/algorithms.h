// The algorithms of BearSSL that certificates and connections are checked with: in one place, as each costs room. Constant time, for processors
// whose multiplication takes 32 bits to 64 (README of net/, "TLS").
#pragma once

#include <bearssl/bearssl.h>

namespace net {

inline constexpr br_rsa_pkcs1_vrfy kRsaVerify = br_rsa_i31_pkcs1_vrfy;
inline constexpr br_ecdsa_vrfy kEcdsaVerify = br_ecdsa_i31_vrfy_asn1;
inline constexpr const br_ec_impl& kCurves = br_ec_prime_i31;

struct HashRow {
    int id;
    const br_hash_class* hash;
};
inline constexpr HashRow kHashes[] = {{br_sha256_ID, &br_sha256_vtable}, {br_sha384_ID, &br_sha384_vtable}, {br_sha512_ID, &br_sha512_vtable}};

}  // namespace net
