// CRCs of 32 bits, whose least significant bit comes first. Half a byte a step: they are rarely asked for, and ROM space is dear.
#pragma once

#include "util/bytes.h"

namespace util {

inline constexpr std::uint32_t kCrc32 = 0xedb88320;   // gzip (RFC 1952 section 8), PNG
inline constexpr std::uint32_t kCrc32c = 0x82f63b78;  // Castagnoli's: iSCSI (RFC 7143 section 13.1)

// Goes on from what it returned; begin with 0.
std::uint32_t crc32(std::uint32_t sum, Bytes data, std::uint32_t reflected_polynomial = kCrc32);

}  // namespace util
