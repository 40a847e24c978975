// Registers of an NE2000: a DP8390 and, behind it, a data port, a reset port and 32 bytes of PROM.
//
// "DS" is National Semiconductor's data sheet of the DP8390D/NS32490D NIC, section 10; "AN-874" its application note
// "Writing Drivers for the DP8390 NIC Family of Ethernet Controllers".
#pragma once

#include <cstdint>

namespace drivers::ne2000 {

// Those of page 0 where nothing else is said. Many are read and written as different registers.
enum class Register : std::uint8_t {
    Cr = 0x00,  // on every page
    Pstart = 0x01,
    Pstop = 0x02,
    Bnry = 0x03,
    Tpsr = 0x04,
    Tbcr0 = 0x05,
    Tbcr1 = 0x06,
    Isr = 0x07,
    Rsar0 = 0x08,
    Rsar1 = 0x09,
    Rbcr0 = 0x0a,
    Rbcr1 = 0x0b,
    Rcr = 0x0c,
    Tcr = 0x0d,
    Dcr = 0x0e,
    Imr = 0x0f,
    Par0 = 0x01,  // page 1: the station's address, 6 of them
    Curr = 0x07,  // page 1
    Mar0 = 0x08,  // page 1: multicast hash, 8 of them
    Data = 0x10,  // 8, 16 or 32 bits wide
    Reset = 0x1f,
};

namespace cr {
inline constexpr std::uint8_t kStp = 1u << 0;
inline constexpr std::uint8_t kSta = 1u << 1;
inline constexpr std::uint8_t kTxp = 1u << 2;
inline constexpr std::uint8_t kRemoteRead = 1u << 3;
inline constexpr std::uint8_t kRemoteWrite = 2u << 3;
inline constexpr std::uint8_t kNoDma = 4u << 3;
inline constexpr std::uint8_t kDmaMask = 7u << 3;
inline constexpr std::uint8_t kPage1 = 1u << 6;
}  // namespace cr

namespace isr {
inline constexpr std::uint8_t kPrx = 1u << 0;
inline constexpr std::uint8_t kPtx = 1u << 1;
inline constexpr std::uint8_t kRxe = 1u << 2;
inline constexpr std::uint8_t kTxe = 1u << 3;
inline constexpr std::uint8_t kOvw = 1u << 4;
inline constexpr std::uint8_t kRdc = 1u << 6;
inline constexpr std::uint8_t kRst = 1u << 7;
inline constexpr std::uint8_t kAll = 0xff;
}  // namespace isr

namespace rcr {
inline constexpr std::uint8_t kAb = 1u << 2;
inline constexpr std::uint8_t kAm = 1u << 3;
inline constexpr std::uint8_t kMon = 1u << 5;
}  // namespace rcr

namespace tcr {
inline constexpr std::uint8_t kLoopback = 1u << 1;  // mode 1: nothing comes in and goes out
}

namespace dcr {
inline constexpr std::uint8_t kWts = 1u << 0;  // words
inline constexpr std::uint8_t kLs = 1u << 3;   // no loopback by this register
inline constexpr std::uint8_t kFt1 = 2u << 5;  // FIFO threshold of 8 bytes
}  // namespace dcr

// In front of each frame in the ring (DS section 11).
struct FrameHeader {
    std::uint8_t status;
    std::uint8_t next;  // page of the next frame
    std::uint8_t count_low, count_high;
    std::uint16_t count() const { return static_cast<std::uint16_t>(count_low | count_high << 8); }
};
static_assert(sizeof(FrameHeader) == 4);
inline constexpr std::uint8_t kReceivedIntact = 1u << 0;
inline constexpr std::uint16_t kFrameCheckSize = 4;  // is counted

inline constexpr std::uint16_t kPage = 256;

// The PROM: address, and in bytes 14 and 15 "WW" in a slot of 16 bits, "BB" in one of 8. Read by bytes through a bus of 16
// bits each comes twice.
inline constexpr std::size_t kPromSize = 32;
inline constexpr unsigned kSignatureAt = 14;
inline constexpr std::uint8_t kSignatureWords = 0x57, kSignatureBytes = 0x42;

}  // namespace drivers::ne2000
