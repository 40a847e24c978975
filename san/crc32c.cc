#include "san/crc32c.h"

namespace san {

static constexpr std::array<std::uint32_t, 16> kNibbles = [] {
    constexpr std::uint32_t kReflectedPolynomial = 0x82f63b78;
    std::array<std::uint32_t, 16> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t crc = i;
        for (int bit = 0; bit < 4; ++bit) crc = crc >> 1 ^ (crc & 1 ? kReflectedPolynomial : 0);
        table[i] = crc;
    }
    return table;
}();

void Crc32c::update(util::Bytes data) {
    std::uint32_t crc = state_;
    for (std::byte b : data) {
        crc ^= std::to_integer<std::uint32_t>(b);
        crc = crc >> 4 ^ kNibbles[crc & 15];
        crc = crc >> 4 ^ kNibbles[crc & 15];
    }
    state_ = crc;
}

}  // namespace san
