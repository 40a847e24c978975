// TFTP packets (RFC 1350 section 5) with options (RFC 2347): blksize (2348), tsize (2349), windowsize
// (7440). The client that uses them is net/fetch/tftp.h.
#pragma once

#include <optional>

#include "util/bytes.h"

namespace net {

inline constexpr std::uint16_t kTftpPort = 69;
inline constexpr std::uint16_t kTftpDefaultBlockSize = 512;
inline constexpr std::uint16_t kTftpMinimumBlockSize = 8;  // RFC 2348

enum class TftpOpcode : std::uint16_t { ReadRequest = 1, WriteRequest = 2, Data = 3, Ack = 4, Error = 5, OptionAck = 6 };

// RFC 1350 section 5, RFC 2347.
enum class TftpError : std::uint16_t {
    Undefined = 0,
    FileNotFound = 1,
    AccessViolation = 2,
    DiskFull = 3,
    IllegalOperation = 4,
    UnknownTransferId = 5,
    OptionRefused = 8,
};

// Options asked for in a request, or granted in an OACK; those absent are not there.
struct TftpOptions {
    std::optional<std::uint16_t> block_size;
    std::optional<std::uint16_t> window_size;
    std::optional<std::uint64_t> transfer_size;
};

// A packet from a server.
struct TftpPacket {
    TftpOpcode opcode;
    std::uint16_t block = 0;  // Data
    util::Bytes data;         // Data
    std::uint16_t error = 0;  // Error
    std::string_view text;    // Error: the server's message, until its NUL; any bytes
    TftpOptions options;      // OptionAck
};
// nullopt: malformed, or nothing that a client receives.
std::optional<TftpPacket> parse_tftp(util::Bytes packet);

// A read request in octet mode; transfer_size is asked for with whatever value it has. Empty: does not fit, or the
// name holds a NUL.
util::Bytes write_tftp_request(util::MutableBytes buffer, std::string_view filename, const TftpOptions& options);
util::Bytes write_tftp_ack(util::MutableBytes buffer, std::uint16_t block);
util::Bytes write_tftp_error(util::MutableBytes buffer, TftpError error, std::string_view text);

}  // namespace net
