// Registers and structures of VMware's vmxnet3. VMware has published no specification but its own and others' drivers with permissive
// licences: names and numbers are those of the drivers of OpenBSD and NetBSD.
#pragma once

#include <cstdint>

namespace drivers::vmxnet3 {

// BAR 0, 32 bits each. There is one of these for each queue; ours is the first.
enum class Doorbell : std::uint16_t {
    InterruptMask = 0x000,
    Transmit = 0x600,
    Receive = 0x800,
};

// BAR 1, 32 bits each.
enum class Register : std::uint8_t {
    Revision = 0x00,  // read: a bit for each that there is; written: the number of the one that is used
    UptVersion = 0x08,
    SharedLow = 0x10,
    SharedHigh = 0x18,
    Command = 0x20,  // written: what to do; read: the answer
    MacLow = 0x28,
    MacHigh = 0x30,
};

enum class Command : std::uint32_t {
    Enable = 0xcafe0000,  // answers zero when it has
    Disable = 0xcafe0001,
    Reset = 0xcafe0002,
    SetReceiveMode = 0xcafe0003,
    SetVlanFilter = 0xcafe0005,
    GetLink = 0xf00d0002,  // bit 0: it is up; from bit 16 on Mbit/s
    GetMacLow = 0xf00d0003,  // the address that it is made with, whatever the registers say
    GetMacHigh = 0xf00d0004,
};
inline constexpr std::uint32_t kVersion1 = 1;

// What driver and device share. A structure's members are little endian, and not always where they would be aligned.
inline constexpr unsigned kVlanWords = 4096 / 32;  // a bit for each VLAN
struct [[gnu::packed]] DriverShared {
    std::uint32_t magic;
    std::uint32_t pad1;
    std::uint32_t driver_version;
    std::uint32_t guest;
    std::uint32_t revision;
    std::uint32_t upt_version;
    std::uint64_t features;
    std::uint64_t driver_data;
    std::uint64_t queues;
    std::uint32_t driver_data_size;
    std::uint32_t queues_size;
    std::uint32_t mtu;
    std::uint16_t receive_pieces;
    std::uint8_t transmit_queues;
    std::uint8_t receive_queues;
    std::uint32_t reserved1[4];
    std::uint8_t mask_mode;
    std::uint8_t interrupts;
    std::uint8_t event_interrupt;
    std::uint8_t moderation[25];
    std::uint32_t interrupt_control;
    std::uint32_t reserved2[2];
    std::uint32_t receive_mode;
    std::uint16_t multicast_size;
    std::uint16_t pad2;
    std::uint64_t multicasts;
    std::uint32_t vlans[kVlanWords];
    std::uint32_t optional[12];  // RSS, power management, plug-in
    std::uint32_t events;
    std::uint32_t reserved3[5];
};
static_assert(sizeof(DriverShared) == 720);

inline constexpr std::uint32_t kQueueErrors = 3;  // events: a receive queue, or a transmit queue, has stopped
inline constexpr std::uint32_t kMagic = 0xbabefee1;
inline constexpr std::uint32_t kDriverVersion = 0x00010000;
inline constexpr std::uint32_t kGuestPxe32 = 0x14 | 0x01;  // a PXE ROM, 32 bits
inline constexpr std::uint64_t kReceiveChecksums = 1;      // features
inline constexpr std::uint32_t kNoInterrupts = 1;          // interrupt_control
namespace receive_mode {
inline constexpr std::uint32_t kUnicast = 1u << 0;
inline constexpr std::uint32_t kMulticast = 1u << 1;
inline constexpr std::uint32_t kBroadcast = 1u << 2;
inline constexpr std::uint32_t kAllMulticasts = 1u << 3;
}  // namespace receive_mode

struct TransmitQueue {
    std::uint32_t pending;
    std::uint32_t threshold;
    std::uint64_t reserved1;
    std::uint64_t ring;
    std::uint64_t data_ring;
    std::uint64_t completions;
    std::uint64_t driver_data;
    std::uint64_t reserved2;
    std::uint32_t ring_slots;
    std::uint32_t data_ring_slots;
    std::uint32_t completion_slots;
    std::uint32_t driver_data_size;
    std::uint8_t interrupt;
    std::uint8_t pad1[7];
    std::uint8_t stopped;
    std::uint8_t pad2[3];
    std::uint32_t error;
    std::uint64_t statistics[10];
    std::uint8_t pad3[88];
};
static_assert(sizeof(TransmitQueue) == 256);

struct ReceiveQueue {
    std::uint8_t wants_doorbell;  // the device's: it is to be told of new buffers
    std::uint8_t pad1[7];
    std::uint64_t reserved1;
    std::uint64_t ring[2];  // the second is for what follows a packet's first buffer
    std::uint64_t completions;
    std::uint64_t driver_data;
    std::uint64_t reserved2;
    std::uint32_t ring_slots[2];
    std::uint32_t completion_slots;
    std::uint32_t driver_data_size;
    std::uint8_t interrupt;
    std::uint8_t pad2[7];
    std::uint8_t stopped;
    std::uint8_t pad3[3];
    std::uint32_t error;
    std::uint64_t statistics[10];
    std::uint8_t pad4[88];
};
static_assert(sizeof(ReceiveQueue) == 256);

struct Queues {
    TransmitQueue transmit;
    ReceiveQueue receive;
};

// Every descriptor has a bit, the generation, that says whose it is: it is inverted each time that a ring has been gone through.
struct Descriptor {
    std::uint64_t address;
    std::uint32_t word2;
    std::uint32_t word3;
};
static_assert(sizeof(Descriptor) == 16);
struct Completion {
    std::uint32_t word0, word1, word2, word3;
};
static_assert(sizeof(Completion) == 16);

namespace transmit {
inline constexpr std::uint32_t kGeneration = 1u << 14;  // word2; the size is below
inline constexpr unsigned kOffloadPositionShift = 18;   // word2: where the checksum goes
inline constexpr std::uint32_t kChecksum = 2u << 10;    // word3; where summing starts is below
inline constexpr std::uint32_t kEndOfPacket = 1u << 12, kComplete = 1u << 13;  // word3
}  // namespace transmit
namespace receive {
inline constexpr std::uint32_t kGeneration = 1u << 31;  // word2; the size is below
}
namespace completion {
inline constexpr std::uint32_t kGeneration = 1u << 31;  // word3
inline constexpr std::uint32_t kIndexMask = 0xfff;      // word0
// Of a received packet.
inline constexpr std::uint32_t kEnd = 1u << 14, kStart = 1u << 15;  // word0
inline constexpr std::uint32_t kQueueMask = 0x3ff << 16;            // word0: zero in the first ring of the first queue
inline constexpr std::uint32_t kNoChecksum = 1u << 30;              // word0
inline constexpr std::uint32_t kSizeMask = 0x3fff, kError = 1u << 14;  // word2
inline constexpr std::uint32_t kTransportGood = 1u << 16;           // word3
inline constexpr std::uint32_t kUdp = 1u << 17, kTcp = 1u << 18;    // word3
inline constexpr std::uint32_t kHeaderGood = 1u << 19;              // word3
inline constexpr std::uint32_t kIpv6 = 1u << 20, kIpv4 = 1u << 21, kFragment = 1u << 22;  // word3
}  // namespace completion

}  // namespace drivers::vmxnet3
