#include "util/md5.h"

#include <platform/calling.h>

namespace util {

Md5::Md5() { platform::library(br_md5_init)(&context_); }

void Md5::update(Bytes data) { platform::library(br_md5_update)(&context_, data.data(), data.size()); }

Md5::Digest Md5::digest() const {
    Digest digest;
    platform::library(br_md5_out)(&context_, digest.data());
    return digest;
}

}  // namespace util
