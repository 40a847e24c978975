#include "net/pxe/pxe_udp.h"

#include <algorithm>

#include "net/pxe/pxe_calls.h"
#include "net/wire/ipv4.h"
#include "net/wire/udp.h"

namespace net {

using pxe::Status;

// Programs may say that their buffer has room for more than it has.
constexpr std::size_t kLongestDatagram = 1500 - sizeof(Ipv4Header) - sizeof(UdpHeader);

util::Result<UdpSocket*> PxeUdp::socket(Stack& stack, std::uint16_t port) {
    Port* place = &ports_[0];
    for (Port& candidate : ports_) {
        if (candidate.socket && candidate.socket->local_port() == port) {
            candidate.last_named = ++clock_;
            return candidate.socket.get();
        }
        if (candidate.last_named < place->last_named) place = &candidate;
    }
    place->socket.reset();
    place->last_named = ++clock_;
    place->socket = TRY(UdpSocket::open(stack, port));
    return place->socket.get();
}

std::optional<PxeUdp::Received> PxeUdp::receive(std::uint16_t port, Ipv4Address destination) {
    for (Port& place : ports_) {
        UdpSocket* socket = place.socket.get();
        if (!socket || (port && port != socket->local_port())) continue;
        while (auto datagram = socket->receive())
            if (destination.is_unspecified() || datagram->to == destination)
                return Received{std::move(*datagram), socket->local_port()};
    }
    return std::nullopt;
}

void PxeUdp::close() {
    is_open = false;
    for (Port& place : ports_) place = {};
}

Status pxe_udp_open(PxeApi& api, std::byte* parameters) {
    auto& call = parameters_as<pxe::UdpOpen>(parameters);
    if (api.udp.is_open) return Status::UdpOpen;
    if (!api.open_interface().ok()) return Status::UndiCannotInitialise;
    api.udp.source = call.source;
    if (const Ipv4Config* config = api.parts.interface.config(); config && call.source.is_unspecified())
        call.source = config->address;
    api.udp.is_open = true;
    return Status::Success;
}

Status pxe_udp_close(PxeApi& api, std::byte*) {
    if (!api.udp.is_open) return Status::UdpClosed;
    api.udp.close();
    return Status::Success;
}

// Never waits: programs ask again and again, by their own clock.
Status pxe_udp_read(PxeApi& api, std::byte* parameters) {
    auto& call = parameters_as<pxe::UdpRead>(parameters);
    if (!api.udp.is_open) return Status::UdpClosed;
    std::uint16_t port = call.destination_port;
    if (port && !api.udp.socket(api.parts.stack, port).ok()) return Status::OutOfResources;
    // Before a datagram is taken, or it would be lost.
    util::MutableBytes room = api.map(call.buffer, std::min<std::size_t>(call.buffer_size, kLongestDatagram));
    if (room.empty() && call.buffer_size) return Status::UndiInvalidParameter;
    auto received = api.udp.receive(port, call.destination);
    if (!received) {
        api.loop().poll_once();
        received = api.udp.receive(port, call.destination);
    }
    if (!received) return Status::Failure;
    util::Bytes payload = received->datagram.payload.data();
    std::size_t size = std::min(payload.size(), room.size());
    if (size) std::memcpy(room.data(), payload.data(), size);
    call.buffer_size = static_cast<std::uint16_t>(size);
    call.source = received->datagram.from.address;
    call.source_port = received->datagram.from.port;
    call.destination = received->datagram.to;
    call.destination_port = received->port;
    return Status::Success;
}

Status pxe_udp_write(PxeApi& api, std::byte* parameters) {
    auto& call = parameters_as<pxe::UdpWrite>(parameters);
    PxeUdp& udp = api.udp;
    if (!udp.is_open) return Status::UdpClosed;
    util::Bytes payload;
    if (call.buffer_size) {
        payload = api.map(call.buffer, call.buffer_size);
        if (payload.empty()) return Status::UndiInvalidParameter;
    }
    auto socket = udp.socket(api.parts.stack, call.source_port ? call.source_port.get() : pxe::kUdpDefaultSourcePort);
    if (!socket.ok()) return Status::OutOfResources;
    Interface& interface = api.parts.interface;
    Ipv4Address source = udp.source;
    if (const Ipv4Config* config = interface.config(); config && source.is_unspecified()) source = config->address;
    Ipv4Endpoint to{call.destination, call.destination_port};
    // To everybody, by this interface whatever the routes say. Gateways are what our routes say.
    bool to_many = to.address.is_limited_broadcast() || to.address.is_multicast();
    auto sent = to_many ? socket.value()->send_on(interface, source, to, payload) : socket.value()->send(to, payload);
    return sent.ok() ? Status::Success : Status::Failure;
}

}  // namespace net
