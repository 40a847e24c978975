// The UNDI API's parameter blocks: Preboot Execution Environment (PXE) Specification 2.1, section 4 (UNDI API), with its
// names. All little endian, unaligned, and in base memory when they are used.
#pragma once

#include <array>
#include <cstdint>

#include "net/address.h"
#include "util/bytes.h"

namespace drivers::undi {

using util::Le16;
using util::Le32;

enum class Opcode : std::uint16_t {
    Start = 0x00,  // PXENV_START_UNDI
    Startup = 0x01,
    Cleanup = 0x02,
    Initialize = 0x03,
    Shutdown = 0x05,
    Open = 0x06,
    Close = 0x07,
    Transmit = 0x08,
    SetStationAddress = 0x0a,
    GetInformation = 0x0c,
    GetNicType = 0x12,
    GetInterfaceInformation = 0x13,
    Isr = 0x14,
    Stop = 0x15,  // PXENV_STOP_UNDI
};

inline constexpr std::uint16_t kSuccess = 0;  // PXENV_EXIT_SUCCESS and PXENV_STATUS_SUCCESS

struct FarPointer16 {  // SEGOFF16
    Le16 offset, segment;
};

struct OpenBlock {
    static constexpr std::uint16_t kDirected = 1, kBroadcast = 2;  // PktFilter
    Le16 status, open_flag, packet_filter, multicast_count;
    std::array<std::uint8_t, 8 * 16> multicast_addresses;
};

struct TransmitBlock {
    static constexpr std::uint8_t kUnknownProtocol = 0;               // P_UNKNOWN: the frame has its header
    static constexpr std::uint8_t kDestinationAddress = 0, kBroadcast = 1;  // XmitFlag
    Le16 status;
    std::uint8_t protocol, flag;
    FarPointer16 destination, descriptor;
    std::array<Le32, 2> reserved;
};

struct TransmitDescriptor {  // t_PXENV_UNDI_TBD
    Le16 immediate_length;
    FarPointer16 frame;
    Le16 block_count;
    std::array<std::uint8_t, 8 * 8> blocks;
};

struct StationAddressBlock {
    Le16 status;
    net::MacAddress address;
    std::array<std::uint8_t, 10> rest;
};

struct InformationBlock {
    static constexpr std::uint16_t kEthernet = 1;  // HwType, as in ARP
    Le16 status, base_io, interrupt, mtu, hardware_type, address_length;
    net::MacAddress current_address;
    std::array<std::uint8_t, 10> current_rest;
    net::MacAddress permanent_address;
    std::array<std::uint8_t, 10> permanent_rest;
    Le16 rom_segment, receive_buffers, transmit_buffers;
};

struct NicTypeBlock {
    static constexpr std::uint8_t kPci = 2, kCardBus = 4;
    Le16 status;
    std::uint8_t type;
    Le16 vendor, device;
    std::array<std::uint8_t, 4> class_and_revision;
    Le16 busdevfn, subvendor, subdevice;
};

struct InterfaceBlock {
    Le16 status;
    std::array<char, 16> type;
    Le32 speed;  // bits a second
    Le32 service_flags;
    std::array<Le32, 4> reserved;
};

struct IsrBlock {
    static constexpr std::uint16_t kStart = 1, kProcess = 2, kGetNext = 3;       // FuncFlag in
    static constexpr std::uint16_t kDone = 0, kTransmit = 2, kReceive = 3, kBusy = 4;  // out, of Process and GetNext
    Le16 status, function, buffer_length, frame_length, header_length;
    FarPointer16 frame;
    std::uint8_t protocol, packet_type;
};

static_assert(sizeof(StationAddressBlock) == 18 && sizeof(OpenBlock) == 136 && sizeof(TransmitBlock) == 20 && sizeof(TransmitDescriptor) == 72);
static_assert(sizeof(InformationBlock) == 50 && sizeof(NicTypeBlock) == 17 && sizeof(InterfaceBlock) == 42);
static_assert(sizeof(IsrBlock) == 16);

// Where blocks and the frame to send lie in base memory.
struct Shared {
    union {
        Le16 status;  // begins every block
        OpenBlock open;
        TransmitBlock transmit;
        StationAddressBlock station_address;
        InformationBlock information;
        NicTypeBlock nic_type;
        InterfaceBlock interface;
        IsrBlock isr;
        std::byte bytes[sizeof(OpenBlock)];
    };
    TransmitDescriptor descriptor;
    std::byte frame[1518];
};

}  // namespace drivers::undi
