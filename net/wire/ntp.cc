#include "net/wire/ntp.h"

#include <cstring>

namespace net {

// RFC 4330 section 3: times without the highest bit are of the era that begins in 2036.
static std::int64_t to_unix_time(std::uint32_t seconds) {
    constexpr std::int64_t kUnixEpoch = 2208988800, kEra = std::int64_t{1} << 32;
    return seconds - kUnixEpoch + (seconds >> 31 ? 0 : kEra);
}

NtpReply parse_ntp_reply(util::Bytes packet, const NtpTimestamp& sent) {
    using enum NtpReply::Outcome;
    NtpHeader header;
    if (packet.size() < sizeof header) return {};
    std::memcpy(&header, packet.data(), sizeof header);
    bool answers = (header.leap_version_mode & NtpHeader::kModeMask) == NtpHeader::kServer;
    if (!answers || std::memcmp(&header.origin, &sent, sizeof sent) != 0) return {};
    if (header.stratum == 0) return {Refused};
    bool no_leap = (header.leap_version_mode & NtpHeader::kLeapMask) != NtpHeader::kLeapMask;
    std::uint32_t seconds = header.transmit.seconds;
    if (!no_leap || header.stratum > NtpHeader::kLastStratum || seconds == 0) return {Unsynchronised};
    return {Time, to_unix_time(seconds)};
}

}  // namespace net
