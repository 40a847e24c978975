// NTP's packet (RFC 5905 section 7.3), as a client that only wants to know the time uses it (SNTP, RFC 4330).
#pragma once

#include <array>
#include <cstdint>

#include "util/bytes.h"

namespace net {

inline constexpr std::uint16_t kNtpPort = 123;

// Seconds since 1900 and their fractions.
struct NtpTimestamp {
    util::Be32 seconds, fraction;
};

struct NtpHeader {
    static constexpr std::uint8_t kVersion4 = 4 << 3, kModeMask = 7, kClient = 3, kServer = 4;
    static constexpr std::uint8_t kLeapMask = 0xc0;  // all set: the server's own clock is not synchronised
    static constexpr std::uint8_t kLastStratum = 15;

    std::uint8_t leap_version_mode = kVersion4 | kClient;
    std::uint8_t stratum = 0;  // of an answer: 0 means "go away", and the reference is why
    std::uint8_t poll = 0, precision = 0;
    util::Be32 root_delay, root_dispersion;
    std::array<char, 4> reference{};
    NtpTimestamp reference_time, origin, receive, transmit;
};
static_assert(sizeof(NtpHeader) == 48);

struct NtpReply {
    enum class Outcome : std::uint8_t { NotOurs, Time, Refused, Unsynchronised } outcome = Outcome::NotOurs;
    std::int64_t unix_time = 0;  // whole seconds
};

// An answer to the request whose transmit timestamp was `sent`.
NtpReply parse_ntp_reply(util::Bytes packet, const NtpTimestamp& sent);

}  // namespace net
