// What sets chips of Realtek's gigabit family apart where their PCI id tells: for the table in chips.h.
#pragma once

#include <cstdint>

namespace drivers::r8169 {

inline constexpr std::uint32_t kFast = 1u << 0;       // no 1000 Mbit/s: the PHY has no register for it
inline constexpr std::uint32_t kRevision3 = 1u << 1;  // only with the subsystem of EG1032 rev. 3: rev. 2 has another maker's chip

}  // namespace drivers::r8169
