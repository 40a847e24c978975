#include "net/wire/dhcp.h"

#include <algorithm>
#include <array>

namespace net {

using namespace std::string_view_literals;

namespace {

constexpr std::size_t kStoredHeader = 3;  // tag and 16-bit length

std::size_t stored_length(const std::byte* entry) {
    return static_cast<std::size_t>(std::to_integer<unsigned>(entry[1]) << 8 | std::to_integer<unsigned>(entry[2]));
}

// Appends all instances of one option found in the fields, joined, as one entry at `at`; returns its end.
std::size_t join(std::uint8_t tag, std::span<const util::Bytes> fields, std::byte* store, std::size_t at) {
    std::size_t end = at + kStoredHeader;
    for (util::Bytes field : fields) {
        for (DhcpOptionWalker walker(field); walker.next();) {
            if (walker.tag() != tag || walker.value().empty()) continue;
            std::memcpy(store + end, walker.value().data(), walker.value().size());
            end += walker.value().size();
        }
    }
    std::size_t length = end - at - kStoredHeader;
    store[at] = std::byte{tag};
    store[at + 1] = static_cast<std::byte>(length >> 8);
    store[at + 2] = static_cast<std::byte>(length);
    return end;
}

std::string_view without_trailing_nuls(util::Bytes value) {
    while (!value.empty() && value.back() == std::byte{0}) value = value.first(value.size() - 1);
    return util::as_text(value);
}

std::optional<util::Bytes> find_encapsulated(util::Bytes inside, std::uint8_t tag) {
    for (DhcpOptionWalker walker(inside); walker.next();)
        if (walker.tag() == tag) return walker.value();
    return std::nullopt;
}

}  // namespace

bool DhcpOptionWalker::next() {
    while (!rest_.empty() && rest_[0] == std::byte{dhcp_option::kPad}) rest_ = rest_.subspan(1);
    util::Reader reader(rest_);
    tag_ = reader.u8();
    if (tag_ == dhcp_option::kEnd) return false;
    value_ = reader.bytes(reader.u8());
    rest_ = reader.rest();
    return reader.ok();
}

util::Result<void> DhcpOptions::assign(util::Bytes options, util::Bytes file, util::Bytes sname) {
    overload_ = 0;
    for (DhcpOptionWalker walker(options); walker.next();)
        if (walker.tag() == dhcp_option::kOverload && walker.value().size() == 1)
            overload_ = std::to_integer<std::uint8_t>(walker.value()[0]);
    // The order in which parts of one option are joined (RFC 3396 section 5).
    const std::array<util::Bytes, 3> fields{options, overload_ & kFileHoldsOptions ? file : util::Bytes{},
                                            overload_ & kSnameHoldsOptions ? sname : util::Bytes{}};
    std::size_t total = fields[0].size() + fields[1].size() + fields[2].size();
    // An entry takes one byte more than the shortest option it comes from, which has two.
    if (total > 0xffff) return util::kTooLong;
    TRY(store_.resize(total + total / 2));
    std::size_t used = 0;
    std::uint32_t seen[8]{};
    for (util::Bytes field : fields) {
        for (DhcpOptionWalker walker(field); walker.next();) {
            std::uint32_t& word = seen[walker.tag() / 32];
            std::uint32_t bit = 1u << (walker.tag() % 32);
            if (word & bit) continue;
            word |= bit;
            used = join(walker.tag(), fields, store_.data(), used);
        }
    }
    return store_.resize(used);
}

std::optional<util::Bytes> DhcpOptions::find(std::uint8_t tag) const {
    for (std::size_t at = 0; at < store_.size();) {
        const std::byte* entry = store_.data() + at;
        std::size_t length = stored_length(entry);
        if (entry[0] == std::byte{tag}) return util::Bytes{entry + kStoredHeader, length};
        at += kStoredHeader + length;
    }
    return std::nullopt;
}

std::optional<util::Bytes> DhcpOptions::find(std::string_view path) const {
    std::optional<util::Bytes> value;
    bool first = true;
    for (util::Split split{{}, path, true}; split.found; first = false) {
        split = util::split_first(split.after, '.');
        auto tag = util::parse_decimal(split.before);
        if (!tag || *tag == dhcp_option::kPad || *tag >= dhcp_option::kEnd) return std::nullopt;
        auto number = static_cast<std::uint8_t>(*tag);
        value = first ? find(number) : find_encapsulated(*value, number);
        if (!value) return std::nullopt;
    }
    return value;
}

std::uint32_t DhcpOptions::u32(std::uint8_t tag, std::uint32_t otherwise) const {
    auto value = find(tag);
    return value && value->size() >= 4 ? util::Reader(*value).be32() : otherwise;
}

Ipv4Address DhcpOptions::address(std::uint8_t tag) const { return Ipv4Address(u32(tag, 0)); }

std::string_view DhcpOptions::text(std::uint8_t tag) const {
    return without_trailing_nuls(find(tag).value_or(util::Bytes{}));
}

std::string_view text_until_nul(util::Bytes field) {
    std::string_view text = util::as_text(field);
    return text.substr(0, text.find('\0'));
}

std::string_view DhcpMessage::filename() const {
    std::string_view field = text_until_nul(std::as_bytes(std::span(header.file)));
    if (options.fields_overloaded(DhcpOptions::kFileHoldsOptions) || field.empty())
        return options.text(dhcp_option::kBootfileName);
    return field;
}

std::string_view DhcpMessage::server_name() const {
    std::string_view field = text_until_nul(std::as_bytes(std::span(header.sname)));
    if (options.fields_overloaded(DhcpOptions::kSnameHoldsOptions) || field.empty())
        return options.text(dhcp_option::kTftpServerName);
    return field;
}

int DhcpMessage::priority() const {
    auto value = options.find("175.1"sv);
    return value && value->size() == 1 ? static_cast<std::int8_t>((*value)[0]) : 0;
}

bool DhcpMessage::has_boot_information() const {
    return !filename().empty() || !options.text(dhcp_option::kRootPath).empty();
}

std::optional<DhcpMessage> parse_dhcp(util::Bytes packet) {
    util::Reader reader(packet);
    DhcpMessage message;
    message.header = reader.take<DhcpHeader>();
    std::uint32_t magic = reader.be32();
    const DhcpHeader& header = message.header;
    if (!reader.ok() || magic != kDhcpMagic || header.htype != kHardwareEthernet || header.hlen != 6)
        return std::nullopt;
    auto assigned = message.options.assign(reader.rest(), std::as_bytes(std::span(header.file)),
                                           std::as_bytes(std::span(header.sname)));
    if (!assigned.ok() || !message.packet.resize(packet.size()).ok()) return std::nullopt;
    std::memcpy(message.packet.data(), packet.data(), packet.size());
    if (auto type = message.options.find(dhcp_option::kMessageType)) {
        if (type->size() != 1 || (*type)[0] == std::byte{0}) return std::nullopt;
        message.type = static_cast<DhcpMessageType>((*type)[0]);
    }
    return message;
}

DhcpWriter::DhcpWriter(util::MutableBytes buffer, const DhcpHeader& header) : out_(buffer) {
    out_.put_struct(header);
    out_.be32(kDhcpMagic);
}

void DhcpWriter::option(std::uint8_t tag, util::Bytes value) {
    do {
        std::size_t part = std::min<std::size_t>(value.size(), 255);
        out_.u8(tag);
        out_.u8(static_cast<std::uint8_t>(part));
        out_.bytes(value.first(part));
        value = value.subspan(part);
    } while (!value.empty());
}

util::Bytes DhcpWriter::finish() {
    out_.u8(dhcp_option::kEnd);
    if (out_.size() < kBootpMinimumSize) out_.zeros(kBootpMinimumSize - out_.size());
    return out_.ok() ? out_.written() : util::Bytes{};
}

std::optional<DhcpRoute> take_dhcp_route(util::Reader& reader) {
    if (!reader.remaining()) return std::nullopt;
    DhcpRoute route;
    route.prefix_length = reader.u8();
    if (route.prefix_length > 32) return std::nullopt;
    unsigned octets = (route.prefix_length + 7u) / 8u;
    std::uint32_t value = 0;
    for (unsigned i = 0; i < octets; ++i) value |= std::uint32_t{reader.u8()} << (24 - 8 * i);
    if (route.prefix_length < 32) value &= ~(0xffffffffu >> route.prefix_length);
    route.destination = Ipv4Address(value);
    route.router = reader.take<Ipv4Address>();
    if (!reader.ok()) return std::nullopt;
    return route;
}

}  // namespace net
