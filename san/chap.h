// CHAP with MD5 (RFC 1994, RFC 7143 section 12.1.3): response = MD5(identifier, secret, challenge).
#pragma once

#include <array>
#include <string_view>

#include "util/bytes.h"

namespace san {

inline constexpr std::size_t kChapResponseSize = 16;
inline constexpr std::size_t kChapLongestChallenge = 1024;
using ChapResponse = std::array<std::byte, kChapResponseSize>;

ChapResponse chap_response(std::uint8_t identifier, std::string_view secret, util::Bytes challenge);

}  // namespace san
