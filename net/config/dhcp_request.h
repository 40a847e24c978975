// What the DHCP client says: its request's settings, and the messages made of them (RFC 2131 section 4.4.1, table 5).
#pragma once

#include <array>

#include "net/wire/dhcp.h"
#include "util/time.h"

namespace net {

// What is said to servers, and how long they are waited for. Texts and bytes must outlive the client's run.
struct DhcpRequest {
    static constexpr std::string_view kUserClass = "iPXE", kVendorClass = "PXEClient:Arch:00000:UNDI:003001";
    std::string_view user_class = kUserClass;  // option 77, what servers' configurations test for; empty: not sent
    // Option 60 (RFC 4578 section 2.1): x86 BIOS, UNDI 3.1. Empty: not sent.
    std::string_view vendor_class = kVendorClass;
    std::string_view host_name;                           // option 12; empty: not sent
    const std::array<std::uint8_t, 16>* uuid = nullptr;   // option 97, SMBIOS byte order; null: not sent
    util::Bytes encapsulated;   // inside of option 175, as tag, length, value: features, bus id; empty: not sent
    util::Bytes extra_options;  // more, as tag, length, value; they replace ours of the same tag
    util::Duration patience = util::Duration::seconds(60);       // counted while the link is up
    util::Duration link_patience = util::Duration::seconds(20);  // how long to wait for a link at all
    // How long an offer without boot information may be held back for a better one, or for a proxyDHCP's.
    util::Duration wait_for_boot_offer;
};

// What differs from one message to the next.
struct DhcpOutgoing {
    DhcpMessageType type;
    std::uint32_t xid = 0;
    std::uint16_t seconds = 0;  // since the client began
    std::uint16_t flags = 0;    // kDhcpFlagBroadcast
    MacAddress mac;
    Ipv4Address client;     // ciaddr, when it is ours already
    Ipv4Address requested;  // option 50; unspecified: not sent
    Ipv4Address server;     // option 54; unspecified: not sent
};

// Enough for our options and a few hundred bytes of extra ones; one frame.
inline constexpr std::size_t kDhcpRequestBuffer = 1024;

// Empty when it does not fit.
util::Bytes write_dhcp_request(util::MutableBytes buffer, const DhcpRequest& request, const DhcpOutgoing& outgoing);

}  // namespace net
