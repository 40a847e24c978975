#include "net/transport/udp.h"

#include <algorithm>
#include <cstring>

#include "net/checksum.h"
#include "net/ip/ipv4.h"
#include "net/stack.h"
#include "net/wire/udp.h"

namespace net {
namespace {

// Put in front of a datagram that waits in a socket, where its headers were.
struct Envelope {
    Ipv4Address source, destination;
    util::Be16 source_port;
    std::uint8_t interface = 0;
};
static_assert(util::WireStruct<Envelope> && sizeof(Envelope) <= Reassembler::kHeadroom);

// RFC 6335 section 6: the dynamic ports.
constexpr std::uint16_t kFirstDynamicPort = 49152;

// What the datagram's checksum says: of header and payload, cut to the header's length.
bool checksum_is_right(const Ipv4Datagram& datagram, util::Bytes udp) {
    const auto& header = *util::view_as<UdpHeader>(udp);
    if (header.checksum == 0 || datagram.payload.buffer().checksum == Checksum::Verified) return true;
    std::uint32_t sum = checksum_add_pseudo_header(0, datagram.source, datagram.destination, Udp::kProtocol,
                                                   static_cast<std::uint16_t>(udp.size()));
    return checksum_field(checksum_add(sum, udp)) == 0;
}

}  // namespace

util::Result<util::Owned<UdpSocket>> UdpSocket::open(Stack& stack, std::uint16_t local_port) {
    return stack.udp().open(nullptr, local_port);
}

util::Result<util::Owned<UdpSocket>> UdpSocket::open_on(Stack& stack, Interface& interface, std::uint16_t local_port) {
    return stack.udp().open(&interface, local_port);
}

util::Result<void> UdpSocket::send(Ipv4Endpoint to, util::Bytes payload) {
    return transmit(TRY(udp_.ipv4_.route(to.address)), to, payload);
}

util::Result<void> UdpSocket::send_on(Interface& interface, Ipv4Address source, Ipv4Endpoint to, util::Bytes payload) {
    return transmit(udp_.ipv4_.route_by(interface, source, to.address), to, payload);
}

util::Result<void> UdpSocket::transmit(const Ipv4Route& route, Ipv4Endpoint to, util::Bytes payload) {
    if (payload.size() > kMaximumPayload) return kUdpTooLong;
    Packet packet = udp_.ipv4_.packets().allocate();
    if (!packet) return util::kOutOfMemory;
    auto length = static_cast<std::uint16_t>(sizeof(UdpHeader) + payload.size());
    util::Writer writer(packet.append(length));
    writer.put_struct(UdpHeader{port_, to.port, length, {}});
    writer.bytes(payload);
    std::uint32_t sum = checksum_add_pseudo_header(0, route.source, to.address, Udp::kProtocol, length);
    std::uint16_t checksum = checksum_field(checksum_add(sum, packet.data()));
    // Zero would mean that there is none.
    util::view_as<UdpHeader>(packet.data())->checksum = checksum ? checksum : std::uint16_t{0xffff};
    peer_ = to;
    peer_unreachable_ = false;
    udp_.ipv4_.send(route, to.address, Udp::kProtocol, std::move(packet));
    return {};
}

std::optional<UdpDatagram> UdpSocket::receive() {
    Packet packet = queue_.pop_front();
    if (!packet) return std::nullopt;
    const Envelope envelope = *util::view_as<Envelope>(packet.pull(sizeof(Envelope)));
    return UdpDatagram{{envelope.source, envelope.source_port},
                       envelope.destination,
                       udp_.ipv4_.interfaces()[envelope.interface].get(),
                       std::move(packet)};
}

void UdpSocket::set_queue_limit(std::size_t datagrams) {
    queue_limit_ = std::min(datagrams, udp_.ipv4_.packets().total() / 4);
}

void Udp::receive(Ipv4Datagram&& datagram, util::Instant now) {
    Interface& interface = *datagram.interface;
    util::Bytes data = datagram.payload.data();
    const auto* in_packet = util::view_as<UdpHeader>(data);
    std::size_t length = in_packet ? in_packet->length.get() : 0;
    if (length < sizeof(UdpHeader) || length > data.size()) return interface.count_drop(Drop::UdpMalformed);
    data = data.first(length);
    if (!checksum_is_right(datagram, data)) return interface.count_drop(Drop::UdpChecksum);

    UdpSocket* socket = find(&interface, in_packet->destination_port);
    if (!socket) {
        interface.count_drop(Drop::UdpPortClosed);
        return icmp_.send_port_unreachable(datagram, kProtocol, data, now);
    }
    if (socket->queue_.count() >= socket->queue_limit_) return interface.count_drop(Drop::UdpQueueFull);
    Envelope envelope{datagram.source, datagram.destination, in_packet->source_port,
                      static_cast<std::uint8_t>(interface.index())};
    Packet& packet = datagram.payload;
    packet.trim_to(length);
    packet.pull(sizeof(UdpHeader));
    std::memcpy(packet.push(sizeof envelope).data(), &envelope, sizeof envelope);
    socket->queue_.push_back(std::move(packet));
}

bool Udp::owns(const Ipv4Error& error) { return find_quoted(error) != nullptr; }

void Udp::error(const Ipv4Error& error, util::Instant) {
    bool lost = error.kind == Ipv4Error::Kind::PortUnreachable || error.kind == Ipv4Error::Kind::Unreachable;
    if (lost) find_quoted(error)->peer_unreachable_ = true;
}

// Whose last destination is what the error quotes.
UdpSocket* Udp::find_quoted(const Ipv4Error& error) {
    const auto* header = util::view_as<UdpHeader>(error.transport_header);
    if (!header) return nullptr;
    for (UdpSocket& socket : sockets_) {
        if (socket.port_ == header->source_port && socket.peer_.port == header->destination_port &&
            socket.peer_.address == error.destination)
            return &socket;
    }
    return nullptr;
}

bool Udp::expects(const Ipv4Endpoint&, std::uint16_t local_port) {
    for (UdpSocket& socket : sockets_)
        if (socket.port_ == local_port) return true;
    return false;
}

UdpSocket* Udp::find(const Interface* interface, std::uint16_t port) {
    UdpSocket* general = nullptr;
    for (UdpSocket& socket : sockets_) {
        if (socket.port_ != port) continue;
        if (socket.only_ == interface) return &socket;
        if (!socket.only_) general = &socket;
    }
    return general;
}

bool Udp::is_taken(const Interface* only, std::uint16_t port) {
    for (UdpSocket& socket : sockets_)
        if (socket.port_ == port && socket.only_ == only) return true;
    return false;
}

std::uint16_t Udp::choose_port() {
    for (;;) {
        // All dynamic ports can hardly be taken: there is not that much memory for sockets.
        auto port = static_cast<std::uint16_t>(kFirstDynamicPort | random_.u32());
        bool taken = false;
        for (UdpSocket& socket : sockets_) taken |= socket.port_ == port;
        if (!taken) return port;
    }
}

util::Result<util::Owned<UdpSocket>> Udp::open(Interface* only, std::uint16_t port) {
    if (port == UdpSocket::kAnyPort)
        port = choose_port();
    else if (is_taken(only, port))
        return kUdpPortInUse;
    auto socket = TRY(util::make_owned<UdpSocket>(*this, only, port));
    sockets_.push_back(*socket);
    return socket;
}

}  // namespace net
