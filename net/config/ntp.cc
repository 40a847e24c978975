#include "net/config/ntp.h"

namespace net {

util::Result<std::int64_t> query_ntp(util::Loop& loop, DatagramService& datagrams, Random& random, Ipv4Address server) {
    constexpr unsigned kTries = 4;
    constexpr std::size_t kQueue = 4;
    TRY(datagrams.path(server));
    auto socket = TRY(datagrams.open(kQueue));
    // Not the time, which we do not know: nobody else can know this number, and a server only echoes it.
    NtpHeader request;
    random.fill({reinterpret_cast<std::byte*>(&request.transmit), sizeof request.transmit});
    NtpReply reply;
    auto answered = [&] {
        for (auto received = socket->receive(); received.payload; received = socket->receive()) {
            if (received.remote != Ipv4Endpoint{server, kNtpPort}) continue;
            reply = parse_ntp_reply(received.payload.data(), request.transmit);
            if (reply.outcome != NtpReply::Outcome::NotOurs) return true;
        }
        return false;
    };
    for (unsigned attempt = 0; attempt < kTries; ++attempt) {
        socket->send({server, kNtpPort}, std::as_bytes(std::span(&request, 1)));
        auto waited = loop.run_until(answered, loop.now() + util::Duration::seconds(1 << attempt));
        if (!waited.ok() && &waited.failure() != &util::kTimedOut) return waited.failure();
        if (reply.outcome == NtpReply::Outcome::Time) return reply.unix_time;
        if (reply.outcome == NtpReply::Outcome::Refused) return kNtpRefused;
        if (reply.outcome == NtpReply::Outcome::Unsynchronised) return kNtpUnsynchronised;
    }
    return kNtpNoAnswer;
}

}  // namespace net
