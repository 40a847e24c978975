// What sets the chips of the PRO/1000 family apart: Chip::traits of e1000, e1000e and igb.
#pragma once

#include <cstdint>

namespace drivers {

namespace e1000 {

inline constexpr std::uint32_t kEerdNarrow = 1u << 0;  // EERD as in the 82540
inline constexpr std::uint32_t kEerdWide = 1u << 1;    // EERD as in the 82541
inline constexpr std::uint32_t kExpress = 1u << 2;     // PCI Express
inline constexpr std::uint32_t kWithin64K = 1u << 3;   // Boundaries, drivers/e1000_rings.h
inline constexpr std::uint32_t kBufferEnds = 1u << 4;  // BufferEnds, drivers/e1000_rings.h
inline constexpr std::uint32_t kIpgt8 = 1u << 5;       // tipg, drivers/e1000_registers.h
inline constexpr std::uint32_t kCuts = 1u << 6;        // cuts TCP segments
inline constexpr std::uint32_t kQueues = 1u << 7;      // 82575 and its successors: queues are enabled one by one
inline constexpr std::uint32_t kUnicastTable = 1u << 8;  // UTA, drivers/e1000_registers.h
inline constexpr std::uint32_t kSemaphores = 1u << 9;  // SWSM and SW_FW_SYNC guard the PHY, drivers/e1000_phy.cc
inline constexpr std::uint32_t kPch = 1u << 10;     // half in the chip set, half in a PHY beside it: drivers/e1000_pch.cc
inline constexpr std::uint32_t kPch82579 = 1u << 11;  // MDIO is slow, K1 loses frames
inline constexpr std::uint32_t kUlp = 1u << 12;       // the PHY may be in Ultra Low Power mode
inline constexpr std::uint32_t kI218Lp = 1u << 13;    // K1 at 1000 Mbit/s stops DMA
inline constexpr std::uint32_t kI219 = 1u << 14;      // rings are flushed before a reset
inline constexpr std::uint32_t kKeepsDmaClock = 1u << 15;  // or frames are lost

inline constexpr std::uint32_t k82540 = kEerdNarrow | kCuts;
inline constexpr std::uint32_t k82541 = kEerdWide | kCuts;
inline constexpr std::uint32_t k82544 =
    kBufferEnds | kIpgt8;  // no EERD: RAL and RAH have what the EEPROM said
inline constexpr std::uint32_t k82545 = kEerdNarrow | kWithin64K | kCuts;
inline constexpr std::uint32_t k82571 = kExpress | kIpgt8 | kCuts;
inline constexpr std::uint32_t k82574 = kExpress | kIpgt8 | kCuts;
inline constexpr std::uint32_t k82575 = kExpress | kIpgt8 | kQueues | kSemaphores;
inline constexpr std::uint32_t k82576 = k82575 | kUnicastTable;
inline constexpr std::uint32_t k82579 = kExpress | kIpgt8 | kPch | kPch82579;
inline constexpr std::uint32_t k217 = kExpress | kIpgt8 | kPch;
inline constexpr std::uint32_t k218 = k217 | kUlp | kI218Lp;
inline constexpr std::uint32_t k219 = k217 | kUlp | kI219;
inline constexpr std::uint32_t k219Tgp = k219 | kKeepsDmaClock;  // Tiger Point PCH and later

// All that the chips in this image have of them (drivers.cc): what none of them has is not in its code.
std::uint32_t traits_in_image();

}  // namespace e1000

}  // namespace drivers
