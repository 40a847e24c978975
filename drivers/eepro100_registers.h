// Registers and structures of Intel's PRO/100 family, with the manual's names: Intel 8255x 10/100 Mbps Ethernet Controller Family Open
// Source Software Developer Manual, chapters 6 (Host Software Interface) and 7 (Physical Layer Interface).
#pragma once

#include <cstdint>

namespace drivers::eepro100 {

// The control and status registers, section 6.3, in memory or at ports.
enum class Register : std::uint8_t {
    ScbStatus = 0x00,     // 16 bits
    ScbCommand = 0x02,    // 8 bits; zero once the device has taken the last command
    ScbInterrupt = 0x03,  // 8 bits
    ScbPointer = 0x04,    // 32 bits
    Port = 0x08,          // 32 bits
    Eeprom = 0x0e,        // 16 bits
    Mdi = 0x10,           // 32 bits
};

// ScbStatus: the receive unit's state, RUS.
constexpr unsigned receive_unit_state(unsigned status) {
    return status >> 2 & 0xf;
}
inline constexpr unsigned kReceiveUnitReady = 4;
// The command unit's, CUS: zero when it is idle, as after a reset.
inline constexpr std::uint16_t kCommandUnitMask = 3u << 6;

enum class Command : std::uint8_t {
    Nop = 0x00,
    ReceiveStart = 0x01,
    ReceiveBase = 0x06,
    CommandStart = 0x10,
    CommandResume = 0x20,
    CommandBase = 0x60,
};
inline constexpr std::uint8_t kMaskInterrupts = 1;  // ScbInterrupt: M

// Port: section 6.3.3.
inline constexpr std::uint32_t kSoftwareReset = 0;
inline constexpr std::uint32_t kSelectiveReset = 2;

// Eeprom: the pins of a 93C46 or 93C66, section 6.3.4.1.
namespace eeprom {
inline constexpr std::uint16_t kClock = 1u << 0;   // EESK
inline constexpr std::uint16_t kSelect = 1u << 1;  // EECS
inline constexpr std::uint16_t kIn = 1u << 2;      // EEDI
inline constexpr std::uint16_t kOut = 1u << 3;     // EEDO
inline constexpr unsigned kRead = 6;               // start bit and opcode, 3 bits
inline constexpr unsigned kMostAddressBits = 8;
inline constexpr unsigned kPhyWord = 6;  // the primary PHY: its kind in bits 13:8, none if zero; its address below
inline constexpr std::uint16_t kPhyKindMask = 0x3f00, kPhyHasNoMii = 1u << 15;
}  // namespace eeprom

// Mdi: section 6.3.5.
namespace mdi {
inline constexpr std::uint32_t kReady = 1u << 28;
inline constexpr std::uint32_t kRead = 2u << 26;
inline constexpr unsigned kPhyShift = 21, kRegisterShift = 16;
}  // namespace mdi

// A block of the command list, section 6.4.2. What follows the link depends on the command.
struct TransmitPart {
    std::uint32_t buffers;    // where the table of buffers is: right behind, as there is one
    std::uint16_t size;       // of data that follows the block itself: none
    std::uint8_t threshold;   // in units of 8 bytes: what is in the FIFO when sending begins
    std::uint8_t count;       // buffers
    std::uint32_t data;       // the one buffer
    std::uint32_t data_size;
};
struct CommandBlock {
    std::uint16_t status;
    std::uint16_t command;
    std::uint32_t link;
    union {
        TransmitPart transmit;
        std::uint8_t bytes[24];
    };
};
static_assert(sizeof(CommandBlock) == 32);

namespace block {
inline constexpr std::uint16_t kComplete = 1u << 15;   // status: C
inline constexpr std::uint16_t kSuspend = 1u << 14;    // command: S
inline constexpr std::uint16_t kFlexible = 1u << 3;    // command: SF
inline constexpr std::uint16_t kSetAddress = 1;
inline constexpr std::uint16_t kConfigure = 2;
inline constexpr std::uint16_t kTransmit = 4;
}  // namespace block
inline constexpr std::uint8_t kWholeFrame = 0xe0;  // threshold: it is all there

// Section 6.4.2.3, byte by byte. Where the members of the family differ, what the 82557 has by itself.
inline constexpr std::uint8_t kConfiguration[] = {
    22,    // bytes
    0x08,  // FIFO limits
    0x00, 0x00, 0x00, 0x00,
    0x32,  // standard command blocks and statistics; bad frames are discarded
    0x03,  // short ones as well; one more try after an underrun
    0x01,  // a PHY with MII
    0x00,
    0x2e,  // a preamble of 7 bytes; the address is not inserted, but in the frame
    0x00,
    0x60,  // the gap between frames: 96 bits
    0x00, 0xf2,
    0x48,  // neither promiscuous nor deaf to broadcasts
    0x00, 0x40,
    0xf2,  // pads, leaves frame check sequences out
    0x80,  // the PHY says whether it is full duplex
    0x3f,
    0x0d,  // all multicasts
};
static_assert(sizeof kConfiguration == 22);
inline constexpr unsigned kMiiByte = 8, kLongFramesByte = 18;
inline constexpr std::uint8_t kLongFrames = 1u << 3;  // received: longer than 1,518 bytes with check sequence; not by an 82557
// The 82557 has the device id and a lower revision than the 82558.
inline constexpr std::uint16_t kDevice82557 = 0x1229;
inline constexpr std::uint8_t kRevision82558 = 4;

// What a received frame begins with, section 6.4.3.1: simplified mode, the frame follows.
struct FrameDescriptor {
    std::uint16_t status;
    std::uint16_t command;
    std::uint32_t link;
    std::uint32_t reserved;
    std::uint16_t count;  // 14 bits
    std::uint16_t size;   // of the room for the frame, even
};
static_assert(sizeof(FrameDescriptor) == 16);

namespace frame {
inline constexpr std::uint16_t kComplete = 1u << 15;   // status: C
inline constexpr std::uint16_t kGood = 1u << 13;       // status: OK
inline constexpr std::uint16_t kEndOfList = 1u << 15;  // command: EL
inline constexpr std::uint16_t kCountMask = 0x3fff;
}  // namespace frame

}  // namespace drivers::eepro100
