// Registers of the RTL8139 family, with the data sheet's names: Realtek's RTL8139C(L), section 5, and the RTL8139 programming
// guide.
#pragma once

#include <cstdint>

namespace drivers::rtl8139 {

enum class Register : std::uint8_t {
    Idr0 = 0x00,   // the station's address, 6 bytes, written by fours
    Mar0 = 0x08,   // multicast hash, 8 bytes, written by fours
    Tsd0 = 0x10,   // 4 of them
    Tsad0 = 0x20,  // 4 of them
    Rbstart = 0x30,
    Cr = 0x37,
    Capr = 0x38,
    Imr = 0x3c,
    Isr = 0x3e,
    Tcr = 0x40,
    Rcr = 0x44,
    Cr9346 = 0x50,
    Msr = 0x58,
    Anar = 0x66,
    Anlpar = 0x68,
};

namespace cr {
inline constexpr std::uint8_t kBufe = 1u << 0;  // the receive buffer is empty
inline constexpr std::uint8_t kTe = 1u << 2;
inline constexpr std::uint8_t kRe = 1u << 3;
inline constexpr std::uint8_t kRst = 1u << 4;
}  // namespace cr

namespace cr9346 {
inline constexpr std::uint8_t kNormal = 0;
inline constexpr std::uint8_t kConfigWriteEnable = 3u << 6;
}  // namespace cr9346

inline constexpr std::uint16_t kAllInterrupts = 0xffff;

namespace tsd {
inline constexpr std::uint32_t kOwn = 1u << 13;  // the driver's again
}

namespace tcr {
inline constexpr std::uint32_t kMxdma2048 = 7u << 8;
inline constexpr std::uint32_t kIfg = 3u << 24;  // 96 bit times, as IEEE 802.3 says
}  // namespace tcr

namespace rcr {
inline constexpr std::uint32_t kApm = 1u << 1;
inline constexpr std::uint32_t kAm = 1u << 2;
inline constexpr std::uint32_t kAb = 1u << 3;
inline constexpr std::uint32_t kMxdmaUnlimited = 7u << 8;
inline constexpr std::uint32_t kRblen64K = 3u << 11;
inline constexpr std::uint32_t kRxfthWhole = 7u << 13;  // a frame is moved when all of it is there
}  // namespace rcr

namespace msr {
inline constexpr std::uint8_t kLinkb = 1u << 2;  // no link
inline constexpr std::uint8_t kSpeed10 = 1u << 3;
}  // namespace msr

// ANAR and ANLPAR: IEEE 802.3 clause 28.
inline constexpr std::uint16_t k10Full = 1u << 6, k100Full = 1u << 8;

// In front of each frame in the ring.
struct FrameHeader {
    std::uint16_t status;
    std::uint16_t length;  // with the frame check sequence
};
static_assert(sizeof(FrameHeader) == 4);
inline constexpr std::uint16_t kRok = 1u << 0;
inline constexpr std::uint16_t kStillMoving = 0xfff0;  // a length: not all of it is in memory

// CAPR is behind the place that it means by so much.
inline constexpr std::uint16_t kCaprBehind = 16;
// The chip writes up to so much behind the ring's end.
inline constexpr std::size_t kRingSize = 65536, kRingSlack = 16;

inline constexpr unsigned kSenders = 4;

}  // namespace drivers::rtl8139
