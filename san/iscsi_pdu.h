// iSCSI protocol data units: the 48-byte basic header segments of RFC 7143 section 11, with the standard's field
// names, and the numbers in them. Only layout: who sends what when is in iscsi_login.h and iscsi_session.h.
#pragma once

#include <array>
#include <cstdint>

#include "util/bytes.h"

namespace san {

// RFC 7143 section 11.2.1.2. Initiator opcodes are below 20h.
enum class IscsiOpcode : std::uint8_t {
    NopOut = 0x00,
    ScsiCommand = 0x01,
    TaskManagementRequest = 0x02,
    LoginRequest = 0x03,
    TextRequest = 0x04,
    DataOut = 0x05,
    LogoutRequest = 0x06,
    NopIn = 0x20,
    ScsiResponse = 0x21,
    TaskManagementResponse = 0x22,
    LoginResponse = 0x23,
    TextResponse = 0x24,
    DataIn = 0x25,
    LogoutResponse = 0x26,
    ReadyToTransfer = 0x31,
    AsyncMessage = 0x32,
    Reject = 0x3f,
};

inline constexpr std::uint8_t kOpcodeMask = 0x3f;
inline constexpr std::uint8_t kImmediate = 0x40;       // the I bit, in the opcode byte
inline constexpr std::uint8_t kFinal = 0x80;           // the F bit, first of the flags byte
inline constexpr std::uint32_t kReservedTag = 0xffffffff;
inline constexpr std::uint16_t kIscsiPort = 3260;
// What either side may send before it has heard the other's MaxRecvDataSegmentLength (section 13.12).
inline constexpr std::uint32_t kDefaultSegmentLength = 8192;

constexpr std::uint8_t opcode_byte(IscsiOpcode opcode) { return static_cast<std::uint8_t>(opcode); }
constexpr std::uint8_t immediate(IscsiOpcode opcode) {
    return static_cast<std::uint8_t>(opcode_byte(opcode) | kImmediate);
}

// Serial number arithmetic on CmdSN, StatSN and the like (section 4.2.2.1, RFC 1982).
constexpr bool serial_less(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) < 0; }

// A logical unit number as it is on the wire (SAM-5 section 4.7): four levels of two bytes.
struct ScsiLun {
    std::array<std::uint8_t, 8> bytes{};
    constexpr bool operator==(const ScsiLun&) const = default;
};

// DataSegmentLength: 24 bits.
struct Be24 {
    std::uint8_t bytes[3]{};
    constexpr Be24() = default;
    constexpr Be24(std::uint32_t value)
        : bytes{static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8),
                static_cast<std::uint8_t>(value)} {}
    constexpr operator std::uint32_t() const {
        return std::uint32_t{bytes[0]} << 16 | std::uint32_t{bytes[1]} << 8 | bytes[2];
    }
};

// What all headers have in common (section 11.2.1).
struct IscsiHeader {
    std::uint8_t opcode = 0;
    std::uint8_t flags = 0;
    std::uint8_t opcode_specific[2]{};
    std::uint8_t total_ahs_length = 0;  // in 4-byte words
    Be24 data_segment_length;
    ScsiLun lun;
    util::Be32 initiator_task_tag;
    std::uint8_t rest[28]{};
};

// Section 11.3.
struct ScsiCommandHeader {
    static constexpr std::uint8_t kRead = 0x40, kWrite = 0x20, kSimpleTask = 0x01;
    std::uint8_t opcode = opcode_byte(IscsiOpcode::ScsiCommand);
    std::uint8_t flags = 0;
    std::uint8_t reserved[2]{};
    std::uint8_t total_ahs_length = 0;
    Be24 data_segment_length;
    ScsiLun lun;
    util::Be32 initiator_task_tag;
    util::Be32 expected_data_transfer_length;
    util::Be32 cmd_sn;
    util::Be32 exp_stat_sn;
    std::array<std::uint8_t, 16> cdb{};
};

// Section 11.4.
struct ScsiResponseHeader {
    static constexpr std::uint8_t kOverflow = 0x04, kUnderflow = 0x02;
    std::uint8_t opcode = opcode_byte(IscsiOpcode::ScsiResponse);
    std::uint8_t flags = kFinal;
    std::uint8_t response = 0;  // 0: command completed at target
    std::uint8_t status = 0;
    std::uint8_t total_ahs_length = 0;
    Be24 data_segment_length;
    std::uint8_t reserved[8]{};
    util::Be32 initiator_task_tag;
    util::Be32 snack_tag;
    util::Be32 stat_sn;
    util::Be32 exp_cmd_sn;
    util::Be32 max_cmd_sn;
    util::Be32 exp_data_sn;
    util::Be32 bidirectional_read_residual_count;
    util::Be32 residual_count;
};

// Section 11.7.
struct DataOutHeader {
    std::uint8_t opcode = opcode_byte(IscsiOpcode::DataOut);
    std::uint8_t flags = 0;
    std::uint8_t reserved[2]{};
    std::uint8_t total_ahs_length = 0;
    Be24 data_segment_length;
    ScsiLun lun;
    util::Be32 initiator_task_tag;
    util::Be32 target_transfer_tag;
    util::Be32 reserved2;
    util::Be32 exp_stat_sn;
    util::Be32 reserved3;
    util::Be32 data_sn;
    util::Be32 buffer_offset;
    util::Be32 reserved4;
};
struct DataInHeader {
    static constexpr std::uint8_t kAcknowledge = 0x40, kOverflow = 0x04, kUnderflow = 0x02, kStatus = 0x01;
    std::uint8_t opcode = opcode_byte(IscsiOpcode::DataIn);
    std::uint8_t flags = 0;
    std::uint8_t reserved = 0;
    std::uint8_t status = 0;
    std::uint8_t total_ahs_length = 0;
    Be24 data_segment_length;
    ScsiLun lun;
    util::Be32 initiator_task_tag;
    util::Be32 target_transfer_tag;
    util::Be32 stat_sn;
    util::Be32 exp_cmd_sn;
    util::Be32 max_cmd_sn;
    util::Be32 data_sn;
    util::Be32 buffer_offset;
    util::Be32 residual_count;
};

// Section 11.8.
struct ReadyToTransferHeader {
    std::uint8_t opcode = opcode_byte(IscsiOpcode::ReadyToTransfer);
    std::uint8_t flags = kFinal;
    std::uint8_t reserved[2]{};
    std::uint8_t total_ahs_length = 0;
    Be24 data_segment_length;
    ScsiLun lun;
    util::Be32 initiator_task_tag;
    util::Be32 target_transfer_tag;
    util::Be32 stat_sn;
    util::Be32 exp_cmd_sn;
    util::Be32 max_cmd_sn;
    util::Be32 r2t_sn;
    util::Be32 buffer_offset;
    util::Be32 desired_data_transfer_length;
};

// Section 11.9.1.
enum class AsyncEvent : std::uint8_t {
    ScsiEvent = 0,
    LogoutRequested = 1,
    ConnectionDropped = 2,
    AllConnectionsDropped = 3,
    NegotiationRequested = 4,
    VendorSpecific = 255,
};
struct AsyncMessageHeader {
    std::uint8_t opcode = opcode_byte(IscsiOpcode::AsyncMessage);
    std::uint8_t flags = kFinal;
    std::uint8_t reserved[2]{};
    std::uint8_t total_ahs_length = 0;
    Be24 data_segment_length;
    ScsiLun lun;
    util::Be32 initiator_task_tag{kReservedTag};
    util::Be32 reserved2;
    util::Be32 stat_sn;
    util::Be32 exp_cmd_sn;
    util::Be32 max_cmd_sn;
    std::uint8_t async_event = 0;
    std::uint8_t async_vcode = 0;
    util::Be16 parameter1;
    util::Be16 parameter2;
    util::Be16 parameter3;
    util::Be32 reserved3;
};

// Sections 11.10 and 11.11.
struct TextRequestHeader {
    std::uint8_t opcode = opcode_byte(IscsiOpcode::TextRequest);
    std::uint8_t flags = kFinal;
    std::uint8_t reserved[2]{};
    std::uint8_t total_ahs_length = 0;
    Be24 data_segment_length;
    ScsiLun lun;
    util::Be32 initiator_task_tag;
    util::Be32 target_transfer_tag{kReservedTag};
    util::Be32 cmd_sn;
    util::Be32 exp_stat_sn;
    std::uint8_t reserved2[16]{};
};

// Login stages (section 11.12.3) and flags.
enum class LoginStage : std::uint8_t { Security = 0, Operational = 1, FullFeature = 3 };
inline constexpr std::uint8_t kLoginTransit = 0x80, kLoginContinue = 0x40, kLoginStageMask = 0x03;

// Section 11.12.
struct LoginRequestHeader {
    std::uint8_t opcode = immediate(IscsiOpcode::LoginRequest);
    std::uint8_t flags = 0;
    std::uint8_t version_max = 0;
    std::uint8_t version_min = 0;
    std::uint8_t total_ahs_length = 0;
    Be24 data_segment_length;
    std::array<std::uint8_t, 6> isid{};
    util::Be16 tsih;
    util::Be32 initiator_task_tag;
    util::Be16 cid;
    util::Be16 reserved;
    util::Be32 cmd_sn;
    util::Be32 exp_stat_sn;
    std::uint8_t reserved2[16]{};
};

// Section 11.13.
struct LoginResponseHeader {
    std::uint8_t opcode = opcode_byte(IscsiOpcode::LoginResponse);
    std::uint8_t flags = 0;
    std::uint8_t version_max = 0;
    std::uint8_t version_active = 0;
    std::uint8_t total_ahs_length = 0;
    Be24 data_segment_length;
    std::array<std::uint8_t, 6> isid{};
    util::Be16 tsih;
    util::Be32 initiator_task_tag;
    util::Be32 reserved;
    util::Be32 stat_sn;
    util::Be32 exp_cmd_sn;
    util::Be32 max_cmd_sn;
    std::uint8_t status_class = 0;
    std::uint8_t status_detail = 0;
    std::uint8_t reserved2[10]{};
};

// Section 11.14.
struct LogoutRequestHeader {
    static constexpr std::uint8_t kCloseSession = 0;
    std::uint8_t opcode = immediate(IscsiOpcode::LogoutRequest);
    std::uint8_t flags = kFinal | kCloseSession;
    std::uint8_t reserved[2]{};
    std::uint8_t total_ahs_length = 0;
    Be24 data_segment_length;
    std::uint8_t reserved2[8]{};
    util::Be32 initiator_task_tag;
    util::Be16 cid;
    util::Be16 reserved3;
    util::Be32 cmd_sn;
    util::Be32 exp_stat_sn;
    std::uint8_t reserved4[16]{};
};
// Section 11.15.
struct LogoutResponseHeader {
    std::uint8_t opcode = opcode_byte(IscsiOpcode::LogoutResponse);
    std::uint8_t flags = kFinal;
    std::uint8_t response = 0;
    std::uint8_t reserved = 0;
    std::uint8_t total_ahs_length = 0;
    Be24 data_segment_length;
    std::uint8_t reserved2[8]{};
    util::Be32 initiator_task_tag;
    util::Be32 reserved3;
    util::Be32 stat_sn;
    util::Be32 exp_cmd_sn;
    util::Be32 max_cmd_sn;
    util::Be32 reserved4;
    util::Be16 time2wait;
    util::Be16 time2retain;
    util::Be32 reserved5;
};

// Section 11.17.
struct RejectHeader {
    std::uint8_t opcode = opcode_byte(IscsiOpcode::Reject);
    std::uint8_t flags = kFinal;
    std::uint8_t reason = 0;
    std::uint8_t reserved = 0;
    std::uint8_t total_ahs_length = 0;
    Be24 data_segment_length;
    std::uint8_t reserved2[8]{};
    util::Be32 initiator_task_tag{kReservedTag};
    util::Be32 reserved3;
    util::Be32 stat_sn;
    util::Be32 exp_cmd_sn;
    util::Be32 max_cmd_sn;
    util::Be32 data_sn;
    std::uint8_t reserved4[8]{};
};

// Sections 11.18 and 11.19.
struct NopOutHeader {
    std::uint8_t opcode = immediate(IscsiOpcode::NopOut);
    std::uint8_t flags = kFinal;
    std::uint8_t reserved[2]{};
    std::uint8_t total_ahs_length = 0;
    Be24 data_segment_length;
    ScsiLun lun;
    util::Be32 initiator_task_tag{kReservedTag};
    util::Be32 target_transfer_tag{kReservedTag};
    util::Be32 cmd_sn;
    util::Be32 exp_stat_sn;
    std::uint8_t reserved2[16]{};
};
struct NopInHeader {
    std::uint8_t opcode = opcode_byte(IscsiOpcode::NopIn);
    std::uint8_t flags = kFinal;
    std::uint8_t reserved[2]{};
    std::uint8_t total_ahs_length = 0;
    Be24 data_segment_length;
    ScsiLun lun;
    util::Be32 initiator_task_tag{kReservedTag};
    util::Be32 target_transfer_tag{kReservedTag};
    util::Be32 stat_sn;
    util::Be32 exp_cmd_sn;
    util::Be32 max_cmd_sn;
    std::uint8_t reserved2[12]{};
};

// Where StatSN, ExpCmdSN and MaxCmdSN are, the same in every PDU from a target.
struct TargetNumbers {
    std::uint8_t before[24]{};
    util::Be32 stat_sn;
    util::Be32 exp_cmd_sn;
    util::Be32 max_cmd_sn;
    std::uint8_t after[12]{};
};

inline constexpr std::size_t kHeaderSize = 48;
template <class T>
concept IscsiHeaderStruct = util::WireStruct<T> && sizeof(T) == kHeaderSize;
static_assert(IscsiHeaderStruct<IscsiHeader> && IscsiHeaderStruct<ScsiCommandHeader>);
static_assert(IscsiHeaderStruct<ScsiResponseHeader> && IscsiHeaderStruct<DataOutHeader>);
static_assert(IscsiHeaderStruct<DataInHeader> && IscsiHeaderStruct<ReadyToTransferHeader>);
static_assert(IscsiHeaderStruct<AsyncMessageHeader> && IscsiHeaderStruct<TextRequestHeader>);
static_assert(IscsiHeaderStruct<LoginRequestHeader> && IscsiHeaderStruct<LoginResponseHeader>);
static_assert(IscsiHeaderStruct<LogoutRequestHeader> && IscsiHeaderStruct<LogoutResponseHeader>);
static_assert(IscsiHeaderStruct<RejectHeader> && IscsiHeaderStruct<NopOutHeader>);
static_assert(IscsiHeaderStruct<NopInHeader> && IscsiHeaderStruct<TargetNumbers>);

// A header seen as its own type, once the opcode is known: the same bytes.
template <IscsiHeaderStruct To, IscsiHeaderStruct From>
const To& header_cast(const From& from) {
    return reinterpret_cast<const To&>(from);
}

}  // namespace san
