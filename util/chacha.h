// The ChaCha20 block function (RFC 8439 section 2.3), for making random numbers.
#pragma once

#include <array>
#include <cstdint>

namespace util {

// 16 words: four constants, eight of key, counter and nonce.
using ChachaState = std::array<std::uint32_t, 16>;
inline constexpr std::array<std::uint32_t, 4> kChachaConstants{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

ChachaState chacha_block(const ChachaState& input);

}  // namespace util
