// Asking a server for the time of day (SNTP, RFC 4330): to the second, as certificates and scripts need it.
#pragma once

#include "net/datagram.h"
#include "net/random.h"
#include "net/wire/ntp.h"
#include "util/loop.h"

namespace net {

inline constexpr util::Failure kNtpNoAnswer{util::code::kConfig + 60, "the NTP server does not answer"};
inline constexpr util::Failure kNtpRefused{util::code::kConfig + 61, "the NTP server refuses to answer"};
inline constexpr util::Failure kNtpUnsynchronised{util::code::kConfig + 62, "the NTP server does not know the time itself"};

// Seconds since 1970. Asks again after 1, 2 and 4 seconds. Failure: those above, no route, out of memory, kCancelled.
util::Result<std::int64_t> query_ntp(util::Loop& loop, DatagramService& datagrams, Random& random, Ipv4Address server);

}  // namespace net
