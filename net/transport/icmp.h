// ICMP (RFC 792, RFC 1122 section 3.2.2): echo both ways, errors that are told to us, and errors that we tell.
// Redirects are ignored: they are of no use to one who has a gateway or none, and easily forged.
#pragma once

#include <optional>

#include "net/ip/ipv4_service.h"
#include "net/wire/icmp.h"

namespace net {

class Ipv4;

// So many at once, and one more each interval: what anybody outside can make us send is bounded.
class RateLimit {
  public:
    constexpr RateLimit(unsigned burst, util::Duration interval) : burst_(burst), left_(burst), interval_(interval) {}
    bool allow(util::Instant now);

  private:
    unsigned burst_, left_;
    util::Duration interval_;
    util::Instant refilled_;
};

struct EchoReply {
    Ipv4Address from;
    std::uint16_t identifier = 0, sequence = 0;
    std::uint16_t payload_size = 0;
    util::Instant received;
};

class Icmp final : public Ipv4Protocol {
  public:
    static constexpr std::uint8_t kProtocol = 1;

    explicit Icmp(Ipv4& ipv4) : ipv4_(ipv4) {}

    // For `ping`: sends an echo request whose payload counts up from zero. The reply is then in echo_reply(), or the
    // fact that a router sent an error for it in echo_error(). Only the last one sent is waited for. Failure: no route,
    // kTooLong (payload_size does not fit into one packet), kOutOfMemory.
    util::Result<void> send_echo(Ipv4Address destination, std::uint16_t identifier, std::uint16_t sequence,
                                 std::size_t payload_size);
    const std::optional<EchoReply>& echo_reply() const { return echo_reply_; }
    std::optional<Ipv4Error::Kind> echo_error() const { return echo_error_; }

    // "Port unreachable" for a datagram that nobody takes, unless it is one that must not be answered (RFC 1122 section
    // 3.2.2) or too many were sent already.
    void send_port_unreachable(const Ipv4Datagram& datagram, std::uint8_t protocol, util::Bytes transport, util::Instant now);

    void receive(Ipv4Datagram&& datagram, util::Instant now) override;
    void error(const Ipv4Error& error, util::Instant now) override;
    bool owns(const Ipv4Error& error) override;

  private:
    void answer_echo(Ipv4Datagram&& datagram, util::Instant now);
    void take_echo_reply(const Ipv4Datagram& datagram, const IcmpHeader& header, util::Instant now);
    void take_error(const Ipv4Datagram& datagram, const IcmpHeader& header, util::Instant now);

    Ipv4& ipv4_;
    RateLimit echo_limit_{64, util::Duration::milliseconds(10)};
    RateLimit error_limit_{8, util::Duration::milliseconds(100)};

    Ipv4Address echo_destination_;
    std::uint16_t echo_identifier_ = 0, echo_sequence_ = 0;
    bool echo_awaited_ = false;
    std::optional<EchoReply> echo_reply_;
    std::optional<Ipv4Error::Kind> echo_error_;
};

}  // namespace net
