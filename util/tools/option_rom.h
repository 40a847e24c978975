// The sizes and sums of an option ROM, as its prefix (arch/prefix/option_rom.inc) has them.
#pragma once

#include <cstdint>
#include <vector>

namespace tools::option_rom {

inline constexpr std::size_t kUnit = 512, kMostUnits = 255;
inline constexpr std::size_t kSizeAt = 2, kPciPointerAt = 0x18, kPnpPointerAt = 0x1a, kChecksumAt = 0x1c, kPrefixLeast = 64;
inline constexpr std::size_t kPnpLengthAt = 5, kPnpChecksumAt = 9, kPnpUnit = 16;
// Of the PCI data structure.
inline constexpr std::size_t kVendorAt = 4, kDeviceAt = 6, kDeviceListAt = 8, kPciSizeAt = 0x10, kPciRunTimeSizeAt = 0x16;

using Rom = std::vector<std::uint8_t>;

inline std::size_t word(const Rom& rom, std::size_t at) { return rom.at(at) | rom.at(at + 1) << 8; }
inline void set_word(Rom& rom, std::size_t at, std::size_t value) {
    rom.at(at) = static_cast<std::uint8_t>(value);
    rom.at(at + 1) = static_cast<std::uint8_t>(value >> 8);
}
inline std::uint8_t sum(const Rom& rom, std::size_t from, std::size_t size) {
    std::uint8_t total = 0;
    for (std::size_t i = from; i < from + size; ++i) total = static_cast<std::uint8_t>(total + rom.at(i));
    return total;
}
inline bool is_rom(const Rom& rom) { return rom.size() >= kPrefixLeast && rom[0] == 0x55 && rom[1] == 0xaa; }
inline std::size_t declared_size(const Rom& rom) { return rom[kSizeAt] * kUnit; }
inline std::size_t pnp_size(const Rom& rom, std::size_t pnp) { return rom.at(pnp + kPnpLengthAt) * kPnpUnit; }

// The ROM's bytes sum to 0, and so do those of its PnP header.
inline void set_checksums(Rom& rom) {
    std::size_t pnp = word(rom, kPnpPointerAt);
    rom.at(pnp + kPnpChecksumAt) = static_cast<std::uint8_t>(rom.at(pnp + kPnpChecksumAt) - sum(rom, pnp, pnp_size(rom, pnp)));
    rom[kChecksumAt] = static_cast<std::uint8_t>(rom[kChecksumAt] - sum(rom, 0, declared_size(rom)));
}

}  // namespace tools::option_rom
