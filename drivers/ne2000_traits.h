// What sets NE2000 clones apart: Chip::traits of ne2k_pci.
#pragma once

#include <cstdint>

namespace drivers::ne2000 {

inline constexpr std::uint32_t kWordsOnly = 1u << 0;   // the data port has 16 bits, not 32
inline constexpr std::uint32_t kEndsAt60 = 1u << 1;    // memory ends at page 60h
}  // namespace drivers::ne2000
