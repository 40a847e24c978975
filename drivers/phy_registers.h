// The registers that every PHY with MII has: IEEE 802.3 sections 22.2.4 (all), 28.2.4 (what is advertised) and 40.5 (1000BASE-T).
#pragma once

#include <cstdint>

namespace drivers::phy {

inline constexpr unsigned kControl = 0, kStatus = 1, kAdvertised = 4, kPartner = 5, kGigabit = 9;

// kControl
inline constexpr std::uint16_t kRestartAutoNegotiation = 1u << 9, kPowerDown = 1u << 11, kAutoNegotiation = 1u << 12;

// kStatus; stays clear until it has been read
inline constexpr std::uint16_t kLinkUp = 1u << 2;

// kAdvertised and kPartner
inline constexpr std::uint16_t k10Half = 1u << 5, k10Full = 1u << 6, k100Half = 1u << 7, k100Full = 1u << 8;
inline constexpr std::uint16_t kAll10And100 = k10Half | k10Full | k100Half | k100Full;

// kGigabit
inline constexpr std::uint16_t k1000Full = 1u << 9;

}  // namespace drivers::phy
