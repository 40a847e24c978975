// Registers and structures of the PCnet-PCI family, with the data sheet's names: AMD's Am79C970A (19436) and Am79C973 (21510)
// data sheets, "User accessible registers" and "Initialization block". 32-bit structures (SWSTYLE 2) throughout.
#pragma once

#include <cstdint>

namespace drivers::pcnet32 {

// Ports. A chip that another driver has switched to 32-bit access (DWIO) has the others at other places, and only a reset by
// hardware switches it back.
inline constexpr std::uint16_t kAprom = 0x00;  // the station's address, 6 bytes
inline constexpr std::uint16_t kRdp = 0x10;
inline constexpr std::uint16_t kRapWord = 0x12, kResetWord = 0x14, kBdpWord = 0x16;
inline constexpr std::uint16_t kRapWide = 0x14, kResetWide = 0x18, kBdpWide = 0x1c;

enum class Csr : std::uint8_t {
    Status = 0,
    Iadr0 = 1,  // the initialization block's address, lower half
    Iadr1 = 2,
    Masks = 3,
    Features = 4,
};
enum class Bcr : std::uint8_t {
    Misc = 2,
    Led0 = 4,
    FullDuplex = 9,
    SoftwareStyle = 20,
};

namespace csr0 {
inline constexpr std::uint16_t kInit = 1u << 0;
inline constexpr std::uint16_t kStrt = 1u << 1;
inline constexpr std::uint16_t kStop = 1u << 2;
inline constexpr std::uint16_t kTdmd = 1u << 3;
inline constexpr std::uint16_t kTxon = 1u << 4;
inline constexpr std::uint16_t kRxon = 1u << 5;
inline constexpr std::uint16_t kIdon = 1u << 8;
inline constexpr std::uint16_t kMerr = 1u << 11;
}  // namespace csr0

namespace csr3 {
inline constexpr std::uint16_t kAllMasked = 0x5f00;  // BABLM, MISSM, MERRM, RINTM, TINTM, IDONM
}
namespace csr4 {
// JABM, TXSTRTM, RCVCCOM and MFCOM: masked; DMAPLUS: bursts end by themselves.
inline constexpr std::uint16_t kAllMasked = 1u << 0 | 1u << 2 | 1u << 4 | 1u << 8;
inline constexpr std::uint16_t kDmaPlus = 1u << 14;
}  // namespace csr4

inline constexpr std::uint16_t kAsel = 1u << 1;           // BCR2: find the medium
inline constexpr std::uint16_t kLnkste = 1u << 6;         // BCR4: the LED shows the link
inline constexpr std::uint16_t kLedOut = 1u << 15;        // BCR4: it is on
inline constexpr std::uint16_t kFullDuplexEnabled = 1u;   // BCR9
inline constexpr std::uint16_t kSoftwareStyle2 = 2;       // BCR20: PCnet-PCI, SSIZE32 comes with it

struct InitializationBlock {
    std::uint16_t mode;
    std::uint8_t receive_length;   // RLEN: log2 of the descriptors, in the upper four bits
    std::uint8_t transmit_length;  // TLEN
    std::uint8_t address[6];
    std::uint16_t reserved;
    std::uint32_t logical_filter[2];
    std::uint32_t receive_ring, transmit_ring;
};
static_assert(sizeof(InitializationBlock) == 28);

struct Descriptor {
    std::uint32_t address;
    std::uint16_t size;  // two's complement in 12 bits, ones above
    std::uint16_t status;
    std::uint16_t length;  // received, with the frame check sequence, 12 bits
    std::uint16_t counts;
    std::uint32_t user;
};
static_assert(sizeof(Descriptor) == 16);

namespace descriptor {
inline constexpr std::uint16_t kOwn = 1u << 15;  // the chip's
inline constexpr std::uint16_t kErr = 1u << 14;
inline constexpr std::uint16_t kStp = 1u << 9;
inline constexpr std::uint16_t kEnp = 1u << 8;
}  // namespace descriptor

inline constexpr std::uint16_t kFrameCheckSize = 4;

}  // namespace drivers::pcnet32
