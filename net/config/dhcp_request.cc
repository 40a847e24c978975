#include "net/config/dhcp_request.h"

namespace net {

namespace {

using namespace dhcp_option;

// What we want to know: the host's own configuration, boot information, PXE's vendor options 128 to 135, PXELINUX's
// 209 and 210, and what boot firmware is configured by.
constexpr std::uint8_t kParameters[] = {
    kSubnetMask,     kRouter,        kDomainNameServer, kLogServer,       kHostName,        kDomainName,
    kRootPath,       kInterfaceMtu,  kNtpServer,        kVendorSpecific,  kLeaseTime,       kServerIdentifier,
    kRenewalTime,    kRebindingTime, kVendorClass,      kTftpServerName,  kBootfileName,    kDomainSearch,
    kClasslessRoutes, 128,           129,               130,              131,              132,
    133,             134,            135,               kNetbootEncapsulated, kInitiatorIqn, 209,
    210,             kMicrosoftRoutes,
};

// RFC 4578 section 2.1: Intel x86PC. Section 2.2: UNDI 3.1.
constexpr std::uint16_t kArchitectureX86Bios = 0;
constexpr std::uint8_t kUndi[] = {1, 3, 1};
constexpr std::uint16_t kLargestReply = 1500;  // a whole datagram in one frame

// Writes our options, except those that the extra options replace.
class RequestWriter {
  public:
    RequestWriter(DhcpWriter& out, util::Bytes extra) : out_(out), extra_(extra) {}
    void option(std::uint8_t tag, util::Bytes value) {
        if (!replaced(tag)) out_.option(tag, value);
    }
    void if_any(std::uint8_t tag, util::Bytes value) {
        if (!value.empty()) option(tag, value);
    }
    void if_any(std::uint8_t tag, Ipv4Address value) {
        if (!value.is_unspecified()) out_.option(tag, value);
    }
    void extra() {
        for (DhcpOptionWalker walker(extra_); walker.next();) out_.option(walker.tag(), walker.value());
    }

  private:
    bool replaced(std::uint8_t tag) const {
        for (DhcpOptionWalker walker(extra_); walker.next();)
            if (walker.tag() == tag) return true;
        return false;
    }
    DhcpWriter& out_;
    util::Bytes extra_;
};

// Type 0, then the UUID (RFC 4578 section 2.3); likewise client identifiers: type 1, then the address (RFC 2132
// section 9.14).
template <std::size_t N>
std::array<std::byte, N + 1> typed(std::uint8_t type, const std::array<std::uint8_t, N>& value) {
    std::array<std::byte, N + 1> result{std::byte{type}};
    std::memcpy(result.data() + 1, value.data(), N);
    return result;
}

void write_identity(RequestWriter& out, const DhcpRequest& request, const DhcpOutgoing& outgoing) {
    out.option(kClientIdentifier, typed(kHardwareEthernet, outgoing.mac.octets));
    out.if_any(kVendorClass, util::as_bytes(request.vendor_class));
    out.if_any(kUserClass, util::as_bytes(request.user_class));
    util::Be16 architecture = kArchitectureX86Bios;
    out.option(kClientArchitecture, std::as_bytes(std::span(&architecture, 1)));
    out.option(kClientInterface, std::as_bytes(std::span(kUndi)));
    if (request.uuid) out.option(kClientUuid, typed(0, *request.uuid));
    out.if_any(kHostName, util::as_bytes(request.host_name));
    out.if_any(kNetbootEncapsulated, request.encapsulated);
}

}  // namespace

util::Bytes write_dhcp_request(util::MutableBytes buffer, const DhcpRequest& request, const DhcpOutgoing& outgoing) {
    DhcpHeader header;
    header.op = kBootRequest;
    header.htype = kHardwareEthernet;
    header.hlen = sizeof(MacAddress);
    header.xid = outgoing.xid;
    header.secs = outgoing.seconds;
    header.flags = outgoing.flags;
    header.ciaddr = outgoing.client;
    std::memcpy(header.chaddr, outgoing.mac.octets.data(), sizeof(MacAddress));
    DhcpWriter message(buffer, header);
    RequestWriter out(message, request.extra_options);
    message.option_u8(kMessageType, static_cast<std::uint8_t>(outgoing.type));
    out.if_any(kServerIdentifier, outgoing.server);
    out.if_any(kRequestedAddress, outgoing.requested);
    // A DECLINE or RELEASE asks for nothing (RFC 2131 section 4.4.1, table 5).
    bool asks = outgoing.type == DhcpMessageType::Discover || outgoing.type == DhcpMessageType::Request;
    if (asks) {
        message.option_u16(kMaximumMessageSize, kLargestReply);
        out.option(kParameterList, std::as_bytes(std::span(kParameters)));
        write_identity(out, request, outgoing);
        out.extra();
    } else {
        out.option(kClientIdentifier, typed(kHardwareEthernet, outgoing.mac.octets));
    }
    return message.finish();
}

}  // namespace net
