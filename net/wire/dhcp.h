// DHCP messages as they are on the wire (RFC 2131 section 2), with their options put in order: fields that overload
// file and sname followed (RFC 2132 section 9.3), long options joined (RFC 3396), encapsulated ones reachable by path.
//
// Used by net/config/dhcp.cc; kept packets are what script settings such as ${17} and ${175.8} read.
#pragma once

#include <optional>

#include "net/address.h"
#include "util/bytes.h"
#include "util/vector.h"

namespace net {

inline constexpr std::uint16_t kDhcpServerPort = 67;
inline constexpr std::uint16_t kDhcpClientPort = 68;

// RFC 2131 section 2, figure 1, up to the magic cookie.
struct DhcpHeader {
    std::uint8_t op = 0;
    std::uint8_t htype = 0;
    std::uint8_t hlen = 0;
    std::uint8_t hops = 0;
    util::Be32 xid;
    util::Be16 secs;
    util::Be16 flags;
    Ipv4Address ciaddr, yiaddr, siaddr, giaddr;
    std::uint8_t chaddr[16]{};
    char sname[64]{};
    char file[128]{};
};
static_assert(sizeof(DhcpHeader) == 236 && util::WireStruct<DhcpHeader>);

inline constexpr std::uint8_t kBootRequest = 1;
inline constexpr std::uint8_t kBootReply = 2;
inline constexpr std::uint16_t kDhcpFlagBroadcast = 0x8000;
inline constexpr std::uint8_t kHardwareEthernet = 1;
inline constexpr std::uint32_t kDhcpMagic = 0x63825363;
// Shorter messages are dropped by some relays and servers (RFC 951, RFC 1542 section 2.1).
inline constexpr std::size_t kBootpMinimumSize = 300;

// RFC 2132 section 9.6.
enum class DhcpMessageType : std::uint8_t {
    Bootp = 0,  // option 53 is absent: a plain BOOTP reply (RFC 1534)
    Discover = 1,
    Offer = 2,
    Request = 3,
    Decline = 4,
    Ack = 5,
    Nak = 6,
    Release = 7,
    Inform = 8,
};

// Option codes by the names of RFC 2132 and those that add to it.
namespace dhcp_option {
inline constexpr std::uint8_t kPad = 0;
inline constexpr std::uint8_t kSubnetMask = 1;
inline constexpr std::uint8_t kRouter = 3;
inline constexpr std::uint8_t kDomainNameServer = 6;
inline constexpr std::uint8_t kLogServer = 7;
inline constexpr std::uint8_t kHostName = 12;
inline constexpr std::uint8_t kDomainName = 15;
inline constexpr std::uint8_t kRootPath = 17;
inline constexpr std::uint8_t kInterfaceMtu = 26;
inline constexpr std::uint8_t kBroadcastAddress = 28;
inline constexpr std::uint8_t kNtpServer = 42;
inline constexpr std::uint8_t kVendorSpecific = 43;
inline constexpr std::uint8_t kRequestedAddress = 50;
inline constexpr std::uint8_t kLeaseTime = 51;
inline constexpr std::uint8_t kOverload = 52;
inline constexpr std::uint8_t kMessageType = 53;
inline constexpr std::uint8_t kServerIdentifier = 54;
inline constexpr std::uint8_t kParameterList = 55;
inline constexpr std::uint8_t kMessage = 56;
inline constexpr std::uint8_t kMaximumMessageSize = 57;
inline constexpr std::uint8_t kRenewalTime = 58;
inline constexpr std::uint8_t kRebindingTime = 59;
inline constexpr std::uint8_t kVendorClass = 60;
inline constexpr std::uint8_t kClientIdentifier = 61;
inline constexpr std::uint8_t kTftpServerName = 66;
inline constexpr std::uint8_t kBootfileName = 67;
inline constexpr std::uint8_t kUserClass = 77;            // RFC 3004
inline constexpr std::uint8_t kClientArchitecture = 93;   // RFC 4578
inline constexpr std::uint8_t kClientInterface = 94;      // RFC 4578, NDI
inline constexpr std::uint8_t kClientUuid = 97;           // RFC 4578
inline constexpr std::uint8_t kDomainSearch = 119;        // RFC 3397
inline constexpr std::uint8_t kClasslessRoutes = 121;     // RFC 3442
inline constexpr std::uint8_t kNetbootEncapsulated = 175; // what boot firmware and server guides use (README)
inline constexpr std::uint8_t kInitiatorIqn = 203;        // likewise
inline constexpr std::uint8_t kMicrosoftRoutes = 249;     // option 121 under the number Microsoft used
inline constexpr std::uint8_t kEnd = 255;
}  // namespace dhcp_option

// Walks tag, length, value triples: a packet's option field, or the inside of an encapsulated option. Stops at End
// and at a triple that is cut off.
class DhcpOptionWalker {
  public:
    explicit DhcpOptionWalker(util::Bytes field) : rest_(field) {}
    bool next();
    std::uint8_t tag() const { return tag_; }
    util::Bytes value() const { return value_; }

  private:
    util::Bytes rest_;
    util::Bytes value_;
    std::uint8_t tag_ = 0;
};

// The options of one message, each whole and once. Never larger than the packet it came from and a half.
class DhcpOptions {
  public:
    // Failure: out of memory.
    util::Result<void> assign(util::Bytes options, util::Bytes file, util::Bytes sname);

    // The value, possibly empty; nullopt when the option is absent. Valid as long as this object lives.
    std::optional<util::Bytes> find(std::uint8_t tag) const;
    // By path: "17", or "175.8" for option 8 encapsulated in option 175, to any depth.
    std::optional<util::Bytes> find(std::string_view path) const;

    // Typed readers: the default when absent or too short.
    std::uint32_t u32(std::uint8_t tag, std::uint32_t otherwise) const;
    Ipv4Address address(std::uint8_t tag) const;
    // Without trailing NULs, which many servers send (RFC 2132 section 2).
    std::string_view text(std::uint8_t tag) const;

    bool fields_overloaded(std::uint8_t bit) const { return overload_ & bit; }
    static constexpr std::uint8_t kFileHoldsOptions = 1;
    static constexpr std::uint8_t kSnameHoldsOptions = 2;

  private:
    util::Vector<std::byte> store_;  // tag, big-endian 16-bit length, value; again and again
    std::uint8_t overload_ = 0;
};

// A whole message, checked to be a DHCP or BOOTP message for Ethernet.
struct DhcpMessage {
    DhcpHeader header;
    DhcpMessageType type = DhcpMessageType::Bootp;
    DhcpOptions options;
    util::Vector<std::byte> packet;  // all of it as it was on the wire

    // The boot file: the file field, or option 67 when the field is empty or overloaded. Empty: none.
    std::string_view filename() const;
    // Likewise sname and option 66.
    std::string_view server_name() const;
    // Among several: option 175.1, signed; 0 when it is absent.
    int priority() const;
    // A boot file or a root path.
    bool has_boot_information() const;
};

// nullopt: no such message (or no memory): to be dropped.
std::optional<DhcpMessage> parse_dhcp(util::Bytes packet);

// Cuts at the first NUL.
std::string_view text_until_nul(util::Bytes field);

// Writes a message: header, cookie, options, End, padding. Options over 255 bytes are split (RFC 3396 section 5).
class DhcpWriter {
  public:
    DhcpWriter(util::MutableBytes buffer, const DhcpHeader& header);
    void option(std::uint8_t tag, util::Bytes value);
    void option(std::uint8_t tag, std::string_view value) { option(tag, util::as_bytes(value)); }
    void option(std::uint8_t tag, Ipv4Address value) { option(tag, std::as_bytes(std::span(&value, 1))); }
    void option_u8(std::uint8_t tag, std::uint8_t value) { option(tag, std::as_bytes(std::span(&value, 1))); }
    void option_u16(std::uint8_t tag, util::Be16 value) { option(tag, std::as_bytes(std::span(&value, 1))); }
    void option_u32(std::uint8_t tag, util::Be32 value) { option(tag, std::as_bytes(std::span(&value, 1))); }
    // Ends the options. The message; empty when it did not fit.
    util::Bytes finish();

  private:
    util::Writer out_;
};

// One entry of option 121 (RFC 3442); a router of 0.0.0.0 means on-link.
struct DhcpRoute {
    Ipv4Address destination;
    std::uint8_t prefix_length = 0;
    Ipv4Address router;
};
// Takes the next entry off the front; nullopt at the end, or when the rest is malformed.
std::optional<DhcpRoute> take_dhcp_route(util::Reader& reader);

}  // namespace net
