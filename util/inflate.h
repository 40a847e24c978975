// Deflate (RFC 1951), the whole of it in one go from memory to memory: what gzip files are packed with.
//
// Own code, as there is no library of it that runs without a C library on an i486; a table of code counts instead of look-up tables
// makes it a tenth of the usual decoder's size.
#pragma once

#include "util/bytes.h"
#include "util/loop.h"
#include "util/result.h"

namespace util {

inline constexpr Failure kBadDeflate{code::kUtil + 20, "the packed data is corrupt or cut off"};
inline constexpr Failure kDeflateRoom{code::kUtil + 21, "no room for what is unpacked"};

struct Inflated {
    std::size_t consumed, produced;
};
// Every so often the loop is polled and looks for Ctrl-C, as unpacking takes seconds. Failure: those above, kCancelled.
Result<Inflated> inflate(Bytes packed, MutableBytes target, Loop* loop = nullptr);

}  // namespace util
