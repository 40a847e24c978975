// What a PXE stack has kept of its DHCP, for tests of programs that it loads.
#pragma once

#include <cstring>
#include <string>
#include <string_view>

#include "net/wire/dhcp.h"

namespace scripts {

// A reply as PXENV_GET_CACHED_INFO gives it.
inline std::string cached_reply(net::Ipv4Address address, net::Ipv4Address next_server, std::string_view file,
                                std::string_view vendor_class = {}) {
    net::DhcpHeader header{};
    header.op = net::kBootReply;
    header.htype = 1;
    header.hlen = 6;
    header.yiaddr = address;
    header.siaddr = next_server;
    std::memcpy(header.file, file.data(), file.size());
    std::byte buffer[1024];
    net::DhcpWriter writer(buffer, header);
    writer.option_u8(net::dhcp_option::kMessageType, 5);
    writer.option(net::dhcp_option::kServerIdentifier, next_server);
    writer.option(net::dhcp_option::kSubnetMask, net::Ipv4Address(255, 255, 255, 0));
    if (!vendor_class.empty()) writer.option(net::dhcp_option::kVendorClass, vendor_class);
    return std::string(util::as_text(writer.finish()));
}

}  // namespace scripts
