// Option 43 as PXE services have it, from anybody on the wire: menus, lists of servers, prompts.
#include <cstdint>

#include "net/config/pxe_discovery.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size > 4000) return 0;
    std::byte buffer[8192];
    net::DhcpWriter writer(buffer, {.op = net::kBootReply, .htype = net::kHardwareEthernet, .hlen = 6});
    writer.option(net::dhcp_option::kVendorClass, net::kPxeClient);
    writer.option(net::dhcp_option::kVendorSpecific, std::as_bytes(std::span(data, size)));
    auto message = net::parse_dhcp(writer.finish());
    ASSERT(message);
    net::PxeOptions options = net::read_pxe_options(*message);
    std::size_t shown = options.prompt.size(), servers = 0;
    for (net::PxeMenuWalker menu(options.menu); menu.next();) {
        shown += menu.text().size();
        (void)options.accepts(menu.type(), net::Ipv4Address(10, 0, 0, 1));
    }
    for (net::PxeServerWalker list(options.servers); list.next();)
        for (std::size_t i = 0; i < list.count(); ++i, ++servers) (void)options.accepts(list.type(), list.address(i));
    ASSERT(shown <= size && servers <= size / 4);
    util::Vector<net::Ipv4Endpoint> destinations;
    net::add_boot_servers(options, options.item ? options.item->type.get() : std::uint16_t{0}, destinations).take();
    ASSERT(destinations.size() <= servers + 2);
    return 0;
}
