#include "net/wire/dns.h"

namespace net {

namespace {

constexpr std::uint16_t kFlagResponse = 0x8000;
constexpr std::uint16_t kFlagTruncated = 0x0200;
constexpr std::uint16_t kFlagRecursionDesired = 0x0100;
constexpr std::uint16_t kOpcodeMask = 0x7800;
constexpr std::uint16_t kRcodeMask = 0x000f;
constexpr std::uint8_t kRcodeNoSuchName = 3;
constexpr std::size_t kMaximumLabel = 63;
// More than a chain of aliases has anywhere; a loop of aliases ends here.
constexpr unsigned kMaximumAliases = 8;

struct Record {
    DnsName owner;
    std::uint16_t type = 0, klass = 0;
    std::size_t data_offset = 0, data_length = 0;
};

// Reads the record at `offset` and moves behind it.
bool read_record(util::Bytes message, std::size_t& offset, Record& record) {
    if (!read_dns_name(message, offset, record.owner)) return false;
    util::Reader reader(message.subspan(offset));
    record.type = reader.be16();
    record.klass = reader.be16();
    reader.skip(4);  // the TTL: an answer is used once, now
    record.data_length = reader.be16();
    record.data_offset = message.size() - reader.remaining();
    reader.skip(record.data_length);
    offset = message.size() - reader.remaining();
    return reader.ok();
}

std::string_view without_final_dot(std::string_view name) {
    if (name.ends_with('.')) name.remove_suffix(1);
    return name;
}

// One pass over the answers: addresses of `name`, or its alias. False: malformed.
bool collect(util::Bytes message, std::size_t offset, unsigned count, const DnsName& name, DnsReply& reply,
             bool& found_alias) {
    Record record;
    for (; count; --count) {
        if (!read_record(message, offset, record)) return false;
        if (record.klass != kDnsClassInternet || !util::equal_ignoring_case(record.owner.view(), name.view()))
            continue;
        if (record.type == static_cast<std::uint16_t>(DnsType::Cname) && !found_alias) {
            std::size_t at = record.data_offset;
            if (!read_dns_name(message, at, reply.alias)) return false;
            found_alias = true;
        } else if (record.type == static_cast<std::uint16_t>(DnsType::A) && record.data_length == 4 &&
                   reply.address_count < DnsReply::kMaximumAddresses) {
            util::Reader data(message.subspan(record.data_offset));
            reply.addresses[reply.address_count++] = data.take<Ipv4Address>();
        }
    }
    return true;
}

DnsReply::Outcome read_answers(util::Bytes message, std::size_t answers, unsigned count, std::string_view question,
                               DnsReply& reply) {
    DnsName name;
    name.text(question);
    unsigned aliases = 0;
    for (; aliases <= kMaximumAliases; ++aliases) {
        bool found_alias = false;
        if (!collect(message, answers, count, name, reply, found_alias)) {
            reply.address_count = 0;
            return DnsReply::Outcome::NotOurs;
        }
        if (reply.address_count) return DnsReply::Outcome::Addresses;
        if (!found_alias) break;
        name = reply.alias;
    }
    reply.alias = name;
    if (reply.rcode == kRcodeNoSuchName) return DnsReply::Outcome::NoSuchName;
    if (reply.rcode || aliases > kMaximumAliases) return DnsReply::Outcome::ServerFailure;
    return aliases ? DnsReply::Outcome::Alias : DnsReply::Outcome::NoAddress;
}

}  // namespace

bool is_dns_name(std::string_view name) {
    name = without_final_dot(name);
    if (name.empty() || name.size() > kDnsMaximumName) return false;
    for (util::Split split{{}, name, true}; split.found;) {
        split = util::split_first(split.after, '.');
        if (split.before.empty() || split.before.size() > kMaximumLabel) return false;
    }
    return true;
}

bool read_dns_name(util::Bytes message, std::size_t& offset, DnsName& name) {
    name.clear();
    std::size_t at = offset;
    std::size_t limit = message.size();  // a pointer must go before where this run of labels began
    std::size_t run = offset;
    bool jumped = false;
    while (at < limit) {
        auto length = std::to_integer<std::size_t>(message[at]);
        if (length == 0) {
            if (!jumped) offset = at + 1;
            return !name.truncated();
        }
        if (length >= 0xc0) {
            if (message.size() - at < 2) return false;
            std::size_t target = (length & 0x3f) << 8 | std::to_integer<std::size_t>(message[at + 1]);
            if (!jumped) offset = at + 2;
            if (target >= run) return false;
            jumped = true;
            at = run = target;
            continue;
        }
        if (length > kMaximumLabel || message.size() - at - 1 < length) return false;
        std::string_view label = util::as_text(message.subspan(at + 1, length));
        if (label.find('.') != label.npos || label.find('\0') != label.npos) return false;
        if (!name.view().empty()) name.character('.');
        name.text(label);
        if (name.truncated()) return false;
        at += 1 + length;
    }
    return false;
}

util::Bytes write_dns_query(util::MutableBytes buffer, std::uint16_t id, std::string_view name, DnsType type) {
    if (!is_dns_name(name)) return {};
    util::Writer out(buffer);
    DnsHeader header{};
    header.id = id;
    header.flags = kFlagRecursionDesired;
    header.qdcount = 1;
    out.put_struct(header);
    for (util::Split split{{}, without_final_dot(name), true}; split.found;) {
        split = util::split_first(split.after, '.');
        out.u8(static_cast<std::uint8_t>(split.before.size()));
        out.text(split.before);
    }
    out.u8(0);
    out.be16(static_cast<std::uint16_t>(type));
    out.be16(kDnsClassInternet);
    return out.ok() ? out.written() : util::Bytes{};
}

DnsReply parse_dns_reply(util::Bytes message, std::uint16_t id, std::string_view name) {
    DnsReply reply;
    util::Reader reader(message);
    auto header = reader.take<DnsHeader>();
    std::uint16_t flags = header.flags;
    if (!reader.ok() || header.id != id || !(flags & kFlagResponse) || (flags & kOpcodeMask) || header.qdcount != 1)
        return reply;
    std::size_t offset = sizeof(DnsHeader);
    DnsName question;
    if (!read_dns_name(message, offset, question) ||
        !util::equal_ignoring_case(question.view(), without_final_dot(name)))
        return reply;
    util::Reader tail(message.subspan(offset));
    if (tail.be16() != static_cast<std::uint16_t>(DnsType::A) || tail.be16() != kDnsClassInternet || !tail.ok())
        return reply;
    reply.rcode = static_cast<std::uint8_t>(flags & kRcodeMask);
    // A record takes at least 11 bytes, so a false count ends at the message's end.
    reply.outcome = read_answers(message, offset + 4, header.ancount, question.view(), reply);
    if ((flags & kFlagTruncated) && reply.outcome == DnsReply::Outcome::NoAddress)
        reply.outcome = DnsReply::Outcome::ServerFailure;
    return reply;
}

}  // namespace net
