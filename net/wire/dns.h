// DNS messages (RFC 1035 section 4): writing a question, reading names and the answer to that question.
//
// Names are text such as "www.example.com", without a final dot. A label that holds a dot or a NUL cannot be
// written so and makes the message malformed; no host has one.
#pragma once

#include <optional>

#include "net/address.h"
#include "util/bytes.h"
#include "util/text.h"

namespace net {

inline constexpr std::uint16_t kDnsPort = 53;
inline constexpr std::size_t kDnsMaximumName = 253;     // as text (RFC 1035 section 3.1)
inline constexpr std::size_t kDnsMaximumMessage = 512;  // over UDP (RFC 1035 section 4.2.1)
using DnsName = util::Text<kDnsMaximumName>;

// RFC 1035 section 4.1.1.
struct DnsHeader {
    util::Be16 id, flags, qdcount, ancount, nscount, arcount;
};
static_assert(sizeof(DnsHeader) == 12 && util::WireStruct<DnsHeader>);

// RFC 1035 sections 3.2.2 and 3.2.4, RFC 3596.
enum class DnsType : std::uint16_t { A = 1, Cname = 5, Aaaa = 28 };
inline constexpr std::uint16_t kDnsClassInternet = 1;

// A host name that DNS can carry: labels of 1 to 63 bytes, at most 253 altogether; one final dot is allowed.
bool is_dns_name(std::string_view name);

// Reads a name at `offset` into text and moves offset behind it. Follows compression pointers, which must point
// backwards, so that it always ends. False: malformed.
bool read_dns_name(util::Bytes message, std::size_t& offset, DnsName& name);

// A recursive query for one name. Empty when the name is none or the buffer too small.
util::Bytes write_dns_query(util::MutableBytes buffer, std::uint16_t id, std::string_view name, DnsType type);

// What a server said to our question.
struct DnsReply {
    enum class Outcome {
        NotOurs,        // not a reply, another id, another question, or malformed: to be dropped
        Addresses,      // at least one
        Alias,          // the name is `alias`, of which the server did not say more
        NoAddress,      // the name exists but has no address of that type
        NoSuchName,     // RCODE 3, NXDOMAIN
        ServerFailure,  // any other RCODE, and a reply cut off before it said anything
    };
    static constexpr std::size_t kMaximumAddresses = 4;
    Outcome outcome = Outcome::NotOurs;
    std::uint8_t rcode = 0;
    std::uint8_t address_count = 0;
    Ipv4Address addresses[kMaximumAddresses];
    DnsName alias;
};
DnsReply parse_dns_reply(util::Bytes message, std::uint16_t id, std::string_view name);

}  // namespace net
