// DNS replies: the first bytes are the id and the name that was asked for, as length and text.
#include <cstdint>

#include "net/wire/dns.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    util::Reader reader(std::as_bytes(std::span(data, size)));
    std::uint16_t id = reader.be16();
    std::string_view name = util::as_text(reader.bytes(reader.u8()));
    net::DnsReply reply = net::parse_dns_reply(reader.rest(), id, name);
    ASSERT(reply.address_count <= net::DnsReply::kMaximumAddresses);
    ASSERT((reply.outcome == net::DnsReply::Outcome::Addresses) == (reply.address_count != 0));
    net::DnsName text;
    std::size_t offset = 0;
    util::Bytes message = reader.rest();
    while (offset < message.size() && net::read_dns_name(message, offset, text)) ASSERT(offset <= message.size());
    return 0;
}
