// Registers and structures of Realtek's gigabit family and what was made after it, with the data sheets' names: RTL8169 (Rev. 1.21)
// and RTL8111B/RTL8168B. What those leave out, and what later chips want, is from FreeBSD's and OpenBSD's re(4).
#pragma once

#include <cstdint>

namespace drivers::r8169 {

enum class Register : std::uint8_t {
    Idr0 = 0x00,   // the station's address, 6 bytes, written by fours and only while 9346CR lets one
    Mar0 = 0x08,   // multicast hash, 8 bytes, written by fours
    Tnpds = 0x20,  // the transmit ring, 8 bytes, written by fours
    Cr = 0x37,
    TpPoll = 0x38,
    Imr = 0x3c,
    Isr = 0x3e,
    Tcr = 0x40,
    Rcr = 0x44,
    Cr9346 = 0x50,
    PhyAr = 0x60,
    PhyStatus = 0x6c,
    Pmch = 0x6f,
    Ldps = 0x82,
    Rms = 0xda,
    CpCr = 0xe0,
    Rdsar = 0xe4,  // the receive ring, as Tnpds
    EtThr = 0xec,
    Misc = 0xf0,
};

namespace cr {
inline constexpr std::uint8_t kTe = 1u << 2;
inline constexpr std::uint8_t kRe = 1u << 3;
inline constexpr std::uint8_t kRst = 1u << 4;
}  // namespace cr

inline constexpr std::uint8_t kNormalQueue = 1u << 6;  // TPPoll, NPQ: there are frames to send

namespace isr {
inline constexpr std::uint16_t kFifoOverflow = 1u << 6;  // FOVW
inline constexpr std::uint16_t kSystemError = 1u << 15;  // SERR
}  // namespace isr

namespace tcr {
inline constexpr std::uint32_t kMxdmaUnlimited = 7u << 8;
inline constexpr std::uint32_t kIfg = 3u << 24;  // 96 bit times, as IEEE 802.3 says
// Which chip it is. The chips that follow came in no order of these numbers.
inline constexpr std::uint32_t kRevisionMask = 0x7cc00000;
}  // namespace tcr
inline constexpr std::uint32_t kSeries = 0x70000000, kSeriesOf8168B = 0x30000000;  // to RTL8168CP, and RTL8101E to RTL8103E
inline constexpr std::uint32_t kRtl8168G = 0x4c000000;                              // and all PCI Express chips with a higher number

namespace rcr {
inline constexpr std::uint32_t kApm = 1u << 1;
inline constexpr std::uint32_t kAm = 1u << 2;
inline constexpr std::uint32_t kAb = 1u << 3;
// DMA bursts of any size, a frame is moved when all of it is there; later chips: nothing of it early.
inline constexpr std::uint32_t kWholeFrames = 0xff00;
}  // namespace rcr

namespace cr9346 {
inline constexpr std::uint8_t kNormal = 0;
inline constexpr std::uint8_t kConfigWriteEnable = 3u << 6;
}  // namespace cr9346

namespace phyar {
inline constexpr std::uint32_t kFlag = 1u << 31;  // written: write; it turns round when it is done
inline constexpr unsigned kRegisterShift = 16;
}  // namespace phyar

namespace phy_status {
inline constexpr std::uint8_t kFullDuplex = 1u << 0;
inline constexpr std::uint8_t kLink = 1u << 1;
inline constexpr std::uint8_t k10 = 1u << 2;
inline constexpr std::uint8_t k100 = 1u << 3;
}  // namespace phy_status

inline constexpr std::uint8_t kPhyPowered = 1u << 7;   // PMCH, from RTL8168D on
inline constexpr std::uint8_t kResetMac = 1;           // what LDPS of the PCI chips is written after a reset
inline constexpr std::uint16_t kMostOnPci = 0x3fff;    // RMS: chips on PCI count in another unit, or not exactly
inline constexpr std::uint16_t kDescriptors = 0x000b;  // CPCR: C+ mode both ways (early chips), PCI multiple read and write; no VLAN, no checksums
inline constexpr std::uint8_t kEarlyThreshold = 16;    // 512 bytes; from RTL8168B on the largest frame, 2048
inline constexpr std::uint32_t kRxdvGated = 1u << 19;  // MISC, from RTL8168G on: nothing is received

// The PHY's, besides drivers/phy_registers.h.
inline constexpr unsigned kPhyMmdData = 14;  // RTL8211B: no link unless it is 0
inline constexpr unsigned kPhyPage = 31;

struct Descriptor {
    std::uint32_t status;
    std::uint32_t vlan;
    std::uint32_t address;
    std::uint32_t address_high;
};
static_assert(sizeof(Descriptor) == 16);
inline constexpr std::size_t kRingAlignment = 256;

namespace descriptor {
inline constexpr std::uint32_t kOwn = 1u << 31;  // the chip's
inline constexpr std::uint32_t kEor = 1u << 30;  // the ring's last
inline constexpr std::uint32_t kFs = 1u << 29;
inline constexpr std::uint32_t kLs = 1u << 28;
inline constexpr std::uint32_t kRes = 1u << 21;  // received: some error
inline constexpr std::uint32_t kLengthMask = 0x3fff;  // received: with the frame check sequence
}  // namespace descriptor

// PCI Express Base Specification, link control: what saves power, and makes some of the chips lose frames.
inline constexpr std::uint8_t kPciExpress = 0x10, kLinkControl = 0x10;
inline constexpr std::uint16_t kLinkSleeps = 3u << 0 | 1u << 8;  // ASPM, CLKREQ#

}  // namespace drivers::r8169
