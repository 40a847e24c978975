#include "net/config/pxe_discovery.h"

#include "net/config/dhcp.h"

namespace net {

namespace {

// The spec's one, two, three, four seconds.
constexpr unsigned kTries = 4;

// Option 43 with the boot item in it.
struct ItemOption {
    std::uint8_t tag = dhcp_option::kVendorSpecific, length = 7;
    std::uint8_t item_tag = pxe_option::kBootItem, item_length = sizeof(PxeBootItem);
    PxeBootItem item;
    std::uint8_t end = dhcp_option::kEnd;
};
static_assert(sizeof(ItemOption) == 9 && util::WireStruct<ItemOption>);

bool is_answer(const DhcpMessage& message, std::uint32_t xid, const MacAddress& mac) {
    return message.header.op == kBootReply && message.header.xid == xid && message.type == DhcpMessageType::Ack &&
           std::memcmp(message.header.chaddr, &mac, sizeof mac) == 0 &&
           message.options.text(dhcp_option::kVendorClass).starts_with(kPxeClient);
}

bool is_wanted(const PxeQuestion& question, const PxeAnswer& answer) {
    if (!question.item) return true;
    auto item = read_pxe_options(answer.message).item;
    if (item && item->type != question.item->type) return false;
    return !question.options || question.options->accepts(question.item->type, answer.server);
}

void send(UdpSocket& socket, Interface& interface, const PxeQuestion& question, util::Bytes message) {
    Ipv4Address source = interface.config()->address;
    for (const Ipv4Endpoint& destination : question.destinations) {
        bool to_many = destination.address.is_limited_broadcast() || destination.address.is_multicast();
        // What is lost is asked again.
        if (to_many)
            (void)socket.send_on(interface, source, destination, message);
        else
            (void)socket.send(destination, message);
    }
}

std::optional<PxeAnswer> receive(UdpSocket& socket, const PxeQuestion& question, std::uint32_t xid, const MacAddress& mac) {
    while (auto datagram = socket.receive()) {
        auto message = parse_dhcp(datagram->payload.data());
        if (!message || !is_answer(*message, xid, mac)) continue;
        Ipv4Address server = message->options.address(dhcp_option::kServerIdentifier);
        if (server.is_unspecified()) server = datagram->from.address;
        PxeAnswer answer{std::move(*message), server};
        if (is_wanted(question, answer)) return answer;
    }
    return std::nullopt;
}

}  // namespace

util::Result<void> add_boot_servers(const PxeOptions& options, std::uint16_t type, util::Vector<Ipv4Endpoint>& destinations) {
    for (PxeServerWalker walker(options.servers); walker.next();)
        for (std::size_t i = 0; walker.type() == type && i < walker.count(); ++i)
            TRY(destinations.push({walker.address(i), kPxeServicePort}));
    if (!(options.control & PxeOptions::kNoMulticast) && options.multicast.is_multicast())
        TRY(destinations.push({options.multicast, kPxeServicePort}));
    if (!(options.control & PxeOptions::kNoBroadcast)) TRY(destinations.push({Ipv4Address::broadcast(), kDhcpServerPort}));
    return {};
}

util::Result<PxeAnswer> ask_pxe(util::Loop& loop, Stack& stack, Interface& interface, const PxeQuestion& question) {
    if (!interface.config()) return kPxeNoServer;
    auto socket = TRY(UdpSocket::open_on(stack, interface, kDhcpClientPort));
    std::uint32_t xid = stack.random().u32();
    MacAddress mac = interface.mac();
    DhcpRequest request = question.request;
    ItemOption item{.item = question.item.value_or(PxeBootItem{})};
    if (question.item) request.extra_options = std::as_bytes(std::span(&item, 1));
    util::Buffer<kDhcpRequestBuffer> buffer;
    util::Bytes message = write_dhcp_request(
        buffer, request,
        {.type = DhcpMessageType::Request, .xid = xid, .mac = mac, .client = interface.config()->address});
    if (message.empty()) return kDhcpTooLong;
    for (unsigned tries = 1; tries <= kTries; ++tries) {
        send(*socket, interface, question, message);
        std::optional<PxeAnswer> answer;
        auto waited = loop.run_until([&] { return (answer = receive(*socket, question, xid, mac)).has_value(); },
                                     loop.now() + util::Duration::seconds(tries));
        if (waited.ok()) return std::move(*answer);
        if (&waited.failure() != &util::kTimedOut) return waited.failure();
    }
    return kPxeNoServer;
}

}  // namespace net
