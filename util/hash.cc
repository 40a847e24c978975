#include "util/hash.h"

#include <platform/calling.h>

namespace util {

static const br_hash_class& class_of(HashAlgorithm algorithm) {
    switch (algorithm) {
        case HashAlgorithm::Md5: return br_md5_vtable;
        case HashAlgorithm::Sha1: return br_sha1_vtable;
        case HashAlgorithm::Sha224: return br_sha224_vtable;
        case HashAlgorithm::Sha256: return br_sha256_vtable;
        case HashAlgorithm::Sha384: return br_sha384_vtable;
        case HashAlgorithm::Sha512: break;
    }
    return br_sha512_vtable;
}

Hash::Hash(HashAlgorithm algorithm) { platform::library(class_of(algorithm).init)(&context_.vtable); }

void Hash::update(Bytes data) { platform::library(context_.vtable->update)(&context_.vtable, data.data(), data.size()); }

Bytes Hash::digest() {
    platform::library(context_.vtable->out)(&context_.vtable, digest_);
    return {digest_, context_.vtable->desc >> BR_HASHDESC_OUT_OFF & BR_HASHDESC_OUT_MASK};
}

}  // namespace util
