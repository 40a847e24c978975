#include "net/transport/icmp.h"

#include <algorithm>
#include <cstring>

#include "net/checksum.h"
#include "net/ip/ipv4.h"

namespace net {

// What an error quotes behind the IPv4 header (RFC 792).
static constexpr std::size_t kQuotedTransport = 8;

bool RateLimit::allow(util::Instant now) {
    if (now - refilled_ > interval_ * static_cast<std::int32_t>(burst_)) {
        refilled_ = now;
        left_ = burst_;
    }
    while (left_ < burst_ && refilled_ + interval_ <= now) {
        refilled_ = refilled_ + interval_;
        ++left_;
    }
    if (left_ == 0) return false;
    if (left_-- == burst_) refilled_ = now;
    return true;
}

namespace {

void put_checksum(Packet& packet) {
    auto* header = util::view_as<IcmpHeader>(packet.data());
    header->checksum = 0;
    header->checksum = checksum_of(packet.data());
    packet.buffer().checksum = Checksum::Unknown;
}

bool is_error(IcmpType type) {
    return type == IcmpType::DestinationUnreachable || type == IcmpType::TimeExceeded;
}

Ipv4Error::Kind kind_of(const IcmpHeader& header) {
    if (header.type == IcmpType::TimeExceeded) return Ipv4Error::Kind::TimeExceeded;
    if (header.code == icmp_unreachable::kPort) return Ipv4Error::Kind::PortUnreachable;
    if (header.code == icmp_unreachable::kFragmentationNeeded) return Ipv4Error::Kind::FragmentationNeeded;
    return Ipv4Error::Kind::Unreachable;
}

}  // namespace

void Icmp::receive(Ipv4Datagram&& datagram, util::Instant now) {
    Packet& payload = datagram.payload;
    const auto* in_packet = util::view_as<IcmpHeader>(util::Bytes(payload.data()));
    if (!in_packet || checksum_of(payload.data()) != 0)
        return datagram.interface->count_drop(Drop::IcmpMalformed);
    IcmpHeader header = *in_packet;
    if (header.type == IcmpType::Echo) return answer_echo(std::move(datagram), now);
    if (header.type == IcmpType::EchoReply) return take_echo_reply(datagram, header, now);
    if (is_error(header.type)) return take_error(datagram, header, now);
}

// Broadcast pings are not answered (RFC 1122 section 3.2.2.6 allows it): many answers at once help nobody.
void Icmp::answer_echo(Ipv4Datagram&& datagram, util::Instant now) {
    if (datagram.to_broadcast || !echo_limit_.allow(now)) return;
    auto route = ipv4_.route(datagram.source);
    if (!route.ok()) return;
    route.value().source = datagram.destination;
    util::view_as<IcmpHeader>(datagram.payload.data())->type = IcmpType::EchoReply;
    put_checksum(datagram.payload);
    ipv4_.send(route.value(), datagram.source, kProtocol, std::move(datagram.payload));
}

void Icmp::take_echo_reply(const Ipv4Datagram& datagram, const IcmpHeader& header, util::Instant now) {
    bool ours = echo_awaited_ && datagram.source == echo_destination_ && header.identifier == echo_identifier_ &&
                header.sequence == echo_sequence_;
    if (!ours) return datagram.interface->count_drop(Drop::IcmpNotOurs);
    echo_awaited_ = false;
    auto size = static_cast<std::uint16_t>(datagram.payload.size() - sizeof(IcmpHeader));
    echo_reply_ = EchoReply{datagram.source, header.identifier, header.sequence, size, now};
}

util::Result<void> Icmp::send_echo(Ipv4Address destination, std::uint16_t identifier, std::uint16_t sequence,
                                   std::size_t payload_size) {
    echo_reply_.reset();
    echo_error_.reset();
    Ipv4Route route = TRY(ipv4_.route(destination));
    Packet packet = ipv4_.packets().allocate();
    if (!packet) return util::kOutOfMemory;
    if (payload_size > packet.tailroom() - sizeof(IcmpHeader)) return util::kTooLong;
    IcmpHeader header{IcmpType::Echo, 0, {}, identifier, sequence};
    std::memcpy(packet.append(sizeof header).data(), &header, sizeof header);
    std::uint8_t count = 0;
    for (std::byte& octet : packet.append(payload_size)) octet = std::byte{count++};
    put_checksum(packet);
    echo_destination_ = destination;
    echo_identifier_ = identifier;
    echo_sequence_ = sequence;
    echo_awaited_ = true;
    ipv4_.send(route, destination, kProtocol, std::move(packet));
    return {};
}

// An error quotes the header of what it is about, and the first bytes behind it.
void Icmp::take_error(const Ipv4Datagram& datagram, const IcmpHeader& header, util::Instant now) {
    util::Bytes quote = util::Bytes(datagram.payload.data()).subspan(sizeof header);
    const auto* sent = util::view_as<Ipv4Header>(quote);
    if (!sent || sent->version_ihl >> 4 != 4 || sent->header_size() < sizeof(Ipv4Header) ||
        quote.size() < sent->header_size() || quote.size() - sent->header_size() < kQuotedTransport)
        return datagram.interface->count_drop(Drop::IcmpMalformed);
    bool ours = !datagram.to_broadcast && sent->source == datagram.destination && sent->fragment_offset() == 0;
    Ipv4Error error{kind_of(header), sent->destination, 0, quote.subspan(sent->header_size())};
    if (error.kind == Ipv4Error::Kind::FragmentationNeeded) error.next_hop_mtu = header.sequence;
    if (!ours || ipv4_.deliver_error(sent->protocol, error, sent->total_length, now) == Ipv4::Quoted::NotOurs)
        datagram.interface->count_drop(Drop::IcmpNotOurs);
}

bool Icmp::owns(const Ipv4Error& error) {
    const auto* header = util::view_as<IcmpHeader>(error.transport_header);
    return header && header->type == IcmpType::Echo && echo_awaited_ && error.destination == echo_destination_ &&
           header->identifier == echo_identifier_ && header->sequence == echo_sequence_;
}

void Icmp::error(const Ipv4Error& error, util::Instant) { echo_error_ = error.kind; }

void Icmp::send_port_unreachable(const Ipv4Datagram& datagram, std::uint8_t protocol, util::Bytes transport,
                                 util::Instant now) {
    if (datagram.to_broadcast || !datagram.interface->config() || !error_limit_.allow(now)) return;
    auto route = ipv4_.route(datagram.source);
    Packet packet = ipv4_.packets().allocate();
    if (!route.ok() || !packet) return;
    route.value().source = datagram.destination;

    IcmpHeader header{IcmpType::DestinationUnreachable, icmp_unreachable::kPort, {}, {}, {}};
    Ipv4Header quoted;
    quoted.total_length = static_cast<std::uint16_t>(sizeof quoted + transport.size());
    quoted.protocol = protocol;
    quoted.source = datagram.source;
    quoted.destination = datagram.destination;
    quoted.header_checksum = checksum_of(std::as_bytes(std::span(&quoted, 1)));
    util::Writer writer(packet.append(sizeof header + sizeof quoted + kQuotedTransport));
    writer.put_struct(header);
    writer.put_struct(quoted);
    writer.bytes(transport.first(kQuotedTransport));
    ASSERT(writer.ok());
    put_checksum(packet);
    ipv4_.send(route.value(), datagram.source, kProtocol, std::move(packet));
}

}  // namespace net
