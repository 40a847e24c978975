// The PXE API as it is in memory: PXE 2.1 (Intel, 1999), sections 3 and 4, and the file extension that PXE loaders use
// where it is there ("PXE API extensions", a public document). Names are theirs.
//
// Everything is little-endian, but for addresses and UDP ports, which are as on the wire. Each parameter structure begins
// with its status.
#pragma once

#include "net/address.h"

namespace net::pxe {

// SEGOFF16: a real-mode far pointer.
struct SegOff16 {
    util::Le16 offset, segment;
    constexpr std::uint32_t linear() const { return segment.get() * 16u + offset.get(); }
    constexpr bool is_null() const { return linear() == 0; }
    constexpr std::uint32_t room() const { return 0x10000u - offset.get(); }  // up to the end of the segment
};
static_assert(sizeof(SegOff16) == 4 && util::WireStruct<SegOff16>);

// PXENV_STATUS_*, PXE 2.1 appendix A.
enum class Status : std::uint16_t {
    Success = 0x00,
    Failure = 0x01,
    BadFunction = 0x02,
    Unsupported = 0x03,
    KeepUndi = 0x04,
    OutOfResources = 0x06,
    ArpTimeout = 0x11,
    UdpClosed = 0x18,
    UdpOpen = 0x19,
    TftpClosed = 0x1a,
    TftpOpen = 0x1b,
    TftpCannotArp = 0x30,
    TftpOpenTimeout = 0x32,
    TftpReadTimeout = 0x35,
    TftpErrorOpcode = 0x36,
    TftpCannotOpen = 0x38,
    TftpCannotRead = 0x39,
    TftpFileNotFound = 0x3b,
    TftpAccessViolation = 0x3c,
    TftpNoFileSize = 0x3e,
    UndiCannotInitialise = 0x63,
    UndiInvalidState = 0x6a,
    UndiTransmitError = 0x6b,
    UndiInvalidParameter = 0x6c,
};

// AX on return.
enum class Exit : std::uint16_t { Success = 0, Failure = 1 };

enum Function : std::uint16_t {
    kStartUndi = 0x00,
    kUndiStartup = 0x01,
    kUndiCleanup = 0x02,
    kUndiInitialize = 0x03,
    kUndiResetAdapter = 0x04,
    kUndiShutdown = 0x05,
    kUndiOpen = 0x06,
    kUndiClose = 0x07,
    kUndiTransmit = 0x08,
    kUndiSetMulticastAddress = 0x09,
    kUndiSetStationAddress = 0x0a,
    kUndiSetPacketFilter = 0x0b,
    kUndiGetInformation = 0x0c,
    kUndiGetStatistics = 0x0d,
    kUndiClearStatistics = 0x0e,
    kUndiInitiateDiags = 0x0f,
    kUndiForceInterrupt = 0x10,
    kUndiGetMulticastAddress = 0x11,
    kUndiGetNicType = 0x12,
    kUndiGetIfaceInfo = 0x13,
    kUndiIsr = 0x14,
    kStopUndi = 0x15,
    kTftpOpen = 0x20,
    kTftpClose = 0x21,
    kTftpRead = 0x22,
    kTftpReadFile = 0x23,
    kTftpGetFileSize = 0x25,
    kUdpOpen = 0x30,
    kUdpClose = 0x31,
    kUdpRead = 0x32,
    kUdpWrite = 0x33,
    kUnloadStack = 0x70,
    kGetCachedInfo = 0x71,
    kRestartTftp = 0x73,
    kStartBase = 0x75,
    kStopBase = 0x76,
    kFileOpen = 0xe0,
    kFileClose = 0xe1,
    kFileSelect = 0xe2,
    kFileRead = 0xe3,
    kFileGetSize = 0xe4,
    kFileCheck = 0xe6,
};

struct Plain {  // calls without parameters
    util::Le16 status;
};

// Preboot, PXE 2.1 section 3.2.

enum class PacketType : std::uint16_t { Discover = 1, Ack = 2, CachedReply = 3 };

struct GetCachedInfo {
    util::Le16 status;
    util::Le16 packet_type;
    util::Le16 buffer_size;  // in: of the caller's buffer; out: of the packet
    SegOff16 buffer;         // in: null: say where yours is
    util::Le16 buffer_limit; // out: how long the packet in our buffer may become
};
static_assert(sizeof(GetCachedInfo) == 12);

// BOOTPLAYER: what callers make room for.
inline constexpr std::size_t kBootpLayerSize = 1260;

struct StartUndi {
    util::Le16 status, ax, bx, dx, di, es;
};
struct UnloadStack {
    util::Le16 status;
    std::uint8_t reserved[10];
};

// Files by URI: "PXE API extensions".

struct FileOpen {
    util::Le16 status, handle;
    SegOff16 name;
    util::Le32 reserved;
};
struct FileClose {
    util::Le16 status, handle;
};
struct FileSelect {
    static constexpr std::uint16_t kRead = 1;
    util::Le16 status, handle, ready;
};
struct FileRead {
    util::Le16 status, handle;
    util::Le16 buffer_size;  // in: room; out: what was read, 0 at the end
    SegOff16 buffer;
};
struct FileGetSize {
    util::Le16 status, handle;
    util::Le32 size;
};
struct FileCheck {
    static constexpr std::uint32_t kAsked = 0x91d447b2, kAnswer = 0xe9c17b20;
    static constexpr std::uint32_t kProvider = 0x52504e53;  // "SNPR": not the set of commands of others
    util::Le16 status, size;
    util::Le32 magic, provider;
    util::Le32 functions;  // a bit each, from kFileOpen on
    util::Le32 flags;
};
static_assert(sizeof(FileOpen) == 12 && sizeof(FileRead) == 10 && sizeof(FileCheck) == 20);

// TFTP, section 3.3.

inline constexpr std::size_t kFileNameSize = 128;

struct TftpOpen {
    util::Le16 status;
    Ipv4Address server, gateway;
    char filename[kFileNameSize];
    util::Be16 port;
    util::Le16 packet_size;  // in: wanted; out: what READ gives at once
};
static_assert(sizeof(TftpOpen) == 142);

struct TftpRead {
    util::Le16 status;
    util::Le16 packet_number, buffer_size;
    SegOff16 buffer;
};
static_assert(sizeof(TftpRead) == 10);

struct TftpReadFile {
    util::Le16 status;
    char filename[kFileNameSize];
    util::Le32 buffer_size;  // in: the room; out: the file's size
    util::Le32 buffer;       // physical
    Ipv4Address server, gateway, multicast;
    util::Be16 client_port, server_port;
    util::Le16 open_timeout, reopen_delay;
};
static_assert(sizeof(TftpReadFile) == 158);

struct TftpGetFileSize {
    util::Le16 status;
    Ipv4Address server, gateway;
    char filename[kFileNameSize];
    util::Le32 file_size;
};
static_assert(sizeof(TftpGetFileSize) == 142);

// UDP, section 3.4.

struct UdpOpen {
    util::Le16 status;
    Ipv4Address source;
};
struct UdpRead {
    util::Le16 status;
    Ipv4Address source;       // out: who sent it
    Ipv4Address destination;  // in: only what came to this address, when given
    util::Be16 source_port;
    util::Be16 destination_port;  // in: likewise
    util::Le16 buffer_size;       // in: the room; out: bytes received
    SegOff16 buffer;
};
static_assert(sizeof(UdpRead) == 20);
struct UdpWrite {
    util::Le16 status;
    Ipv4Address destination, gateway;
    util::Be16 source_port;  // 0: kUdpDefaultSourcePort
    util::Be16 destination_port;
    util::Le16 buffer_size;
    SegOff16 buffer;
};
static_assert(sizeof(UdpWrite) == 20);
inline constexpr std::uint16_t kUdpDefaultSourcePort = 2069;

// UNDI, section 4.

inline constexpr std::size_t kMulticastAddresses = 8;
struct HardwareAddress {
    std::uint8_t bytes[16];
};
struct MulticastList {
    util::Le16 count;
    HardwareAddress addresses[kMulticastAddresses];
};
struct UndiInitialize {
    util::Le16 status;
    util::Le32 protocol_ini;
    std::uint8_t reserved[8];
};
struct UndiReset {
    util::Le16 status;
    MulticastList multicast;
};
// PktFilter.
inline constexpr std::uint16_t kFilterDirected = 1, kFilterBroadcast = 2, kFilterPromiscuous = 4;
struct UndiOpen {
    util::Le16 status;
    util::Le16 flag, filter;
    MulticastList multicast;
};
static_assert(sizeof(UndiOpen) == 136);
// Protocol: what header to put in front; 0: it is there.
inline constexpr std::uint8_t kProtocolUnknown = 0, kProtocolIp = 1, kProtocolArp = 2, kProtocolRarp = 3, kProtocolOther = 4;
struct UndiTransmit {
    util::Le16 status;
    std::uint8_t protocol;
    std::uint8_t to_broadcast;  // XmitFlag: 0: destination is used
    SegOff16 destination;
    SegOff16 descriptor;
    std::uint8_t reserved[8];
};
static_assert(sizeof(UndiTransmit) == 20);
struct TransmitBlock {
    static constexpr std::uint8_t kPhysical = 0;
    std::uint8_t pointer_type;  // kPhysical, or else a far pointer
    std::uint8_t reserved;
    util::Le16 length;
    SegOff16 pointer;
};
// t_PXENV_UNDI_TBD
struct TransmitDescriptor {
    static constexpr std::size_t kBlocks = 8;
    util::Le16 immediate_length;
    SegOff16 immediate;
    util::Le16 block_count;
    TransmitBlock blocks[kBlocks];
};
static_assert(sizeof(TransmitDescriptor) == 72);
struct UndiSetMulticast {
    util::Le16 status;
    MulticastList multicast;
};
struct UndiSetStationAddress {
    util::Le16 status;
    HardwareAddress address;
};
struct UndiSetPacketFilter {
    util::Le16 status;
    std::uint8_t filter;
};
struct UndiGetInformation {
    util::Le16 status;
    util::Le16 base_io, interrupt, mtu, hardware_type, address_length;
    HardwareAddress current, permanent;
    util::Le16 rom_segment;
    util::Le16 receive_buffers, transmit_buffers;
};
static_assert(sizeof(UndiGetInformation) == 50);
struct UndiGetStatistics {
    util::Le16 status;
    util::Le32 sent, received, bad_checksums, out_of_resources;
};
static_assert(sizeof(UndiGetStatistics) == 18);
struct UndiGetMulticastAddress {
    util::Le16 status;
    Ipv4Address group;
    HardwareAddress address;
};
inline constexpr std::uint8_t kNicPci = 2, kNicPnp = 3;
struct UndiGetNicType {
    util::Le16 status;
    std::uint8_t type;
    // The PCI form; PnP's is shorter.
    util::Le16 vendor, device;
    std::uint8_t base_class, sub_class, programming_interface, revision;
    util::Le16 busdevfn;
    util::Le16 subsystem_vendor, subsystem_device;
};
static_assert(sizeof(UndiGetNicType) == 17);
// ServiceFlags.
inline constexpr std::uint32_t kServiceBroadcast = 1, kServiceMulticast = 2, kServiceStatistics = 0x20,
                               kServiceReset = 0x400, kServiceOpenClose = 0x800;
struct UndiGetIfaceInfo {
    util::Le16 status;
    char type[16];
    util::Le32 speed;  // bit/s
    util::Le32 services;
    util::Le32 reserved[4];
};
static_assert(sizeof(UndiGetIfaceInfo) == 42);
// FuncFlag, in and out.
inline constexpr std::uint16_t kIsrStart = 1, kIsrProcess = 2, kIsrGetNext = 3;
inline constexpr std::uint16_t kIsrOurs = 0, kIsrNotOurs = 1;  // after kIsrStart
inline constexpr std::uint16_t kIsrDone = 0, kIsrTransmitted = 2, kIsrReceived = 3;
inline constexpr std::uint8_t kPacketDirected = 0, kPacketBroadcast = 1, kPacketMulticast = 2;
struct UndiIsr {
    util::Le16 status;
    util::Le16 flag;
    util::Le16 buffer_length, frame_length, header_length;
    SegOff16 frame;
    std::uint8_t protocol, packet_type;
};
static_assert(sizeof(UndiIsr) == 16);

// What programs find us by, sections 2.4 (!PXE) and appendix of older versions (PXENV+).

struct SegmentDescriptor {
    util::Le16 segment;  // in real mode
    util::Le32 physical;
    util::Le16 size;
};
static_assert(sizeof(SegmentDescriptor) == 8);

struct BangPxe {
    char signature[4];
    std::uint8_t length, checksum;
    std::uint8_t revision, reserved1;
    SegOff16 undi_rom_id, base_rom_id;
    SegOff16 entry_16;  // EntryPointSP: real mode, or protected mode with a 16-bit stack
    SegOff16 entry_32;  // EntryPointESP: protected mode with a 32-bit stack
    SegOff16 status_callout;
    std::uint8_t reserved2, segment_count;
    util::Le16 first_selector;
    SegmentDescriptor stack, undi_data, undi_code, undi_code_write, base_data, base_code, base_code_write;
};
static_assert(sizeof(BangPxe) == 0x58);

struct PxenvPlus {
    char signature[6];
    util::Le16 version;
    std::uint8_t length, checksum;
    SegOff16 entry;
    util::Le32 protected_offset;
    util::Le16 protected_selector;
    util::Le16 stack_segment, stack_size;
    util::Le16 base_code_segment, base_code_size, base_data_segment, base_data_size;
    util::Le16 undi_data_segment, undi_data_size, undi_code_segment, undi_code_size;
    SegOff16 bang_pxe;
};
static_assert(sizeof(PxenvPlus) == 0x2c);
inline constexpr std::uint16_t kVersion = 0x0201;

}  // namespace net::pxe
