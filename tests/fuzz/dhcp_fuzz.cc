// DHCP messages from anybody on the wire.
#include <cstdint>

#include "net/config/dhcp_lease.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    util::Bytes packet = std::as_bytes(std::span(data, size));
    auto message = net::parse_dhcp(packet);
    if (!message) return 0;
    ASSERT(message->filename().size() <= size && message->server_name().size() <= size);
    for (unsigned tag = 1; tag < 255; ++tag)
        if (auto value = message->options.find(static_cast<std::uint8_t>(tag))) ASSERT(value->size() <= size);
    for (auto path : {"175.8", "43.1.2", "17", "255", "", "."}) (void)message->options.find(path);
    if (auto routes = message->options.find(net::dhcp_option::kClasslessRoutes)) {
        util::Reader reader(*routes);
        while (auto route = net::take_dhcp_route(reader)) ASSERT(route->prefix_length <= 32);
    }
    if (!net::unusable_lease(*message)) {
        net::DhcpLease lease = net::make_lease(std::move(*message), net::Ipv4Address(10, 0, 2, 2), {});
        ASSERT(lease.prefix_length >= 1 && lease.prefix_length <= 32);
        ASSERT(lease.renewal <= lease.rebinding && lease.rebinding <= lease.duration);
    }
    return 0;
}
