#include "util/crc32.h"

namespace util {

std::uint32_t crc32(std::uint32_t sum, Bytes data, std::uint32_t reflected_polynomial) {
    std::uint32_t nibbles[16];
    for (std::uint32_t i = 0; i < std::size(nibbles); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 4; ++bit) value = value >> 1 ^ (value & 1 ? reflected_polynomial : 0);
        nibbles[i] = value;
    }
    sum = ~sum;
    for (std::byte byte : data) {
        sum ^= std::to_integer<std::uint32_t>(byte);
        sum = sum >> 4 ^ nibbles[sum & 15];
        sum = sum >> 4 ^ nibbles[sum & 15];
    }
    return ~sum;
}

}  // namespace util
