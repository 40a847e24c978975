#include "util/tools/stage_pack.h"

#include <array>

#include "util/tools/arithmetic_encoder.h"

namespace tools {
namespace {

// As in opening.asm, from the context that counts most to the one that counts least.
constexpr std::uint32_t kHash = 0x2f0b4c47, kTableBits = 20;
constexpr std::uint32_t kMasks[] = {0xffffff00, 0xffff0000, 0xff00ff00, 0xff000000};

}  // namespace

std::vector<std::uint8_t> stage_pack(const std::vector<std::uint8_t>& stage) {
    std::vector<std::uint8_t> code;
    ArithmeticEncoder encoder(code, 1u << 24);
    std::vector<std::array<std::uint8_t, 2>> table(1u << kTableBits);
    std::uint32_t last = 0;  // the three bytes before, the last one in the highest of 24 bits
    for (std::uint8_t byte : stage) {
        std::uint32_t partial = 1;
        for (int i = 7; i >= 0; --i) {
            std::uint32_t odds[2] = {0, 0}, bit = byte >> i & 1, number = std::size(kMasks);
            std::array<std::uint8_t, 2>* counts[std::size(kMasks)];
            for (std::uint32_t mask : kMasks) {
                std::uint32_t hash = (((partial << 24 | last) & mask) + number--) * kHash;
                auto& count = *(counts[number] = &table[hash >> (32 - kTableBits)]);
                for (int value = 0; value < 2; ++value) odds[value] = odds[value] * 2 + count[value];
            }
            encoder.bit(bit, encoder.range() / (odds[0] + odds[1] + 2) * (odds[1] + 1));
            for (auto* count : counts) {
                auto &seen = (*count)[bit], &other = (*count)[1 - bit];
                if (seen < 255) ++seen;
                other = static_cast<std::uint8_t>((other + 1) / 2);
            }
            partial = partial * 2 + bit;
        }
        last = last >> 8 | static_cast<std::uint32_t>(byte) << 16;
    }
    encoder.finish();
    // The first byte is zero, as the range was small, and left out.
    std::vector<std::uint8_t> packed(2);
    packed[0] = static_cast<std::uint8_t>(stage.size());
    packed[1] = static_cast<std::uint8_t>(stage.size() >> 8);
    for (std::size_t i = 1; i < code.size(); ++i) packed.push_back(code[i]);
    return packed;
}

}  // namespace tools
