// NTP answers: the first bytes are what was sent.
#include <cstring>

#include "net/wire/ntp.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    net::NtpTimestamp sent;
    if (size < sizeof sent) return 0;
    std::memcpy(&sent, data, sizeof sent);
    net::NtpReply reply = net::parse_ntp_reply(std::as_bytes(std::span(data, size)).subspan(sizeof sent), sent);
    bool knows = reply.outcome == net::NtpReply::Outcome::Time;
    ASSERT(knows || reply.unix_time == 0);
    ASSERT(!knows || (reply.unix_time > -63000000 && reply.unix_time < (std::int64_t{1} << 32)));
    return 0;
}
