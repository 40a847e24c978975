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
inline constexpr std::uint32_t kPch82579 = 1u << 11;  // K1 loses frames
inline constexpr std::uint32_t kUlp = 1u << 12;       // the PHY may be in Ultra Low Power mode
inline constexpr std::uint32_t kI218Lp = 1u << 13;    // K1 at 1000 Mbit/s stops DMA
inline constexpr std::uint32_t kI219 = 1u << 14;      // rings are flushed before a reset
inline constexpr std::uint32_t kKeepsDmaClock = 1u << 15;  // or frames are lost
inline constexpr std::uint32_t kFlag = 1u << 16;           // EXTCNF_CTRL guards the PHY
inline constexpr std::uint32_t kPhyPages = 1u << 17;       // 82577 and later: page 0 is at another address
inline constexpr std::uint32_t kPhyAt2 = 1u << 18;         // page 0 at address 2
inline constexpr std::uint32_t kMdioSlow = 1u << 19;
inline constexpr std::uint32_t kSpeeds = 1u << 20;         // tuned to the speed of the link
inline constexpr std::uint32_t kNoK1 = 1u << 21;           // K1 at 1000 Mbit/s stalls the MAC
inline constexpr std::uint32_t kIch8 = 1u << 22;           // its packet memory is smaller than it comes up with
inline constexpr std::uint32_t k82573Only = 1u << 23;      // ASPM stops it, DRV_LOAD is in SWSM

inline constexpr std::uint32_t k82540 = kEerdNarrow | kCuts;
inline constexpr std::uint32_t k82541 = kEerdWide | kCuts;
inline constexpr std::uint32_t k82544 =
    kBufferEnds | kIpgt8;  // no EERD: RAL and RAH have what the EEPROM said
inline constexpr std::uint32_t k82545 = kEerdNarrow | kWithin64K | kCuts;
inline constexpr std::uint32_t k82571 = kExpress | kIpgt8 | kCuts;
inline constexpr std::uint32_t k82574 = kExpress | kIpgt8 | kCuts;
inline constexpr std::uint32_t k82575 = kExpress | kIpgt8 | kQueues | kSemaphores;
inline constexpr std::uint32_t k82576 = k82575 | kUnicastTable;
inline constexpr std::uint32_t k82573 = kExpress | kIpgt8 | kFlag | k82573Only;
inline constexpr std::uint32_t k82562 = kExpress | kIpgt8 | kFlag | kPch;  // ICH9, as is the 82566 there
inline constexpr std::uint32_t k82566 = k82562 | kIch8;
inline constexpr std::uint32_t k82567 = k82562 | kPhyAt2;
inline constexpr std::uint32_t k82578 = k82567 | kPhyPages | kNoK1;
inline constexpr std::uint32_t k82577 = k82578 | kMdioSlow;
inline constexpr std::uint32_t k217 = k82567 | kPhyPages | kSpeeds;
inline constexpr std::uint32_t k82579 = k217 | kPch82579 | kMdioSlow;
inline constexpr std::uint32_t k218 = k217 | kUlp | kI218Lp;
inline constexpr std::uint32_t k219 = k217 | kUlp | kI219;
inline constexpr std::uint32_t k219Tgp = k219 | kKeepsDmaClock;  // Tiger Point PCH and later

// All that the chips in this image have of them (drivers.cc): what none of them has is not in its code.
std::uint32_t traits_in_image();

}  // namespace e1000

}  // namespace drivers
