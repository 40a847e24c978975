// Asking PXE services (PXE 2.1 section 2.4): a proxyDHCP for what its offer left out, and boot servers for what they have. A story of its
// own beside the DHCP client: both are the same request, to other places.
#pragma once

#include "net/config/dhcp_request.h"
#include "net/stack.h"
#include "net/wire/pxe_options.h"
#include "util/loop.h"
#include "util/vector.h"

namespace net {

inline constexpr util::Failure kPxeNoServer{util::code::kConfig + 20, "no PXE boot server of that type answered"};

struct PxeAnswer {
    DhcpMessage message;
    Ipv4Address server;  // as it named itself, or the sender
};

struct PxeQuestion {
    const DhcpRequest& request;  // what is said besides
    std::optional<PxeBootItem> item;  // the boot server that is wanted; nullopt: what a proxyDHCP knows
    util::Vector<Ipv4Endpoint> destinations;
    const PxeOptions* options = nullptr;  // which servers' answers count; null: anybody's
};

// Where boot servers of a type are asked: one by one those that are listed, all by multicast and broadcast as far as the control
// bits do not forbid it. Failure: out of memory.
util::Result<void> add_boot_servers(const PxeOptions& options, std::uint16_t type, util::Vector<Ipv4Endpoint>& destinations);

// Asks all of them up to four times, and takes the first good answer. UDP port 68 of the interface, which is configured, must be
// free. Failure: kPxeNoServer, kCancelled, kDhcpTooLong, out of memory.
util::Result<PxeAnswer> ask_pxe(util::Loop& loop, Stack& stack, Interface& interface, const PxeQuestion& question);

}  // namespace net
