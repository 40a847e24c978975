#include "san/iscsi_uri.h"

#include "san/iscsi_failures.h"

namespace san {

using util::Result;

static constexpr std::string_view kScheme = "iscsi:";

bool is_iscsi_uri(std::string_view text) {
    return text.size() >= kScheme.size() && util::equal_ignoring_case(text.substr(0, kScheme.size()), kScheme);
}

// Takes a server off the front: a name or an address up to the next ':', or [v6].
static Result<IscsiPortal> take_server(std::string_view& text) {
    IscsiPortal portal;
    if (text.starts_with('[')) {
        std::size_t end = text.find(']');
        if (end == text.npos || end == 1) return kNoServer;
        portal.server = text.substr(1, end - 1);
        portal.is_ipv6 = true;
        text.remove_prefix(end + 1);
        return portal;
    }
    std::size_t end = text.find(':');
    portal.server = text.substr(0, end);
    text.remove_prefix(portal.server.size());
    return portal;
}

static Result<std::uint16_t> parse_port(std::string_view text) {
    auto port = util::parse_decimal(text);
    if (!port || *port == 0 || *port > 0xffff) return kBadPort;
    return static_cast<std::uint16_t>(*port);
}

static Result<void> parse_fields(std::string_view protocol, std::string_view port, std::string_view lun,
                                 IscsiUri& uri) {
    if (!protocol.empty() && !util::equal(protocol, "6") && !util::equal_ignoring_case(protocol, "tcp")) return kBadProtocol;
    // A LUN of 3260h exists nowhere, but people do swap the two fields.
    if (util::equal(lun, "3260")) return kPortAndLunSwapped;
    if (!port.empty()) uri.port = TRY(parse_port(port));
    if (!lun.empty()) uri.lun = TRY(parse_lun(lun));
    return {};
}

Result<IscsiUri> parse_iscsi_uri(std::string_view text) {
    if (!is_iscsi_uri(text)) return kNotIscsiUri;
    text.remove_prefix(kScheme.size());
    if (text.starts_with("//")) return kNotIscsiUri;
    IscsiUri uri;
    IscsiPortal portal = TRY(take_server(text));
    if (!text.starts_with(':')) return kNotIscsiUri;
    util::Split protocol = util::split_first(text.substr(1), ':');
    util::Split port = util::split_first(protocol.after, ':');
    util::Split lun = util::split_first(port.after, ':');
    if (!lun.found) return kNotIscsiUri;
    if (portal.server.empty()) return kNoServer;
    if (lun.after.empty()) return kNoTargetName;
    TRY(check_iscsi_name(lun.after));
    TRY(parse_fields(protocol.before, port.before, lun.before, uri));
    uri.server.text(portal.server);
    if (uri.server.truncated()) return util::kTooLong;
    uri.is_ipv6 = portal.is_ipv6;
    uri.target.text(lun.after);
    return uri;
}

Result<ScsiLun> parse_lun(std::string_view text) {
    ScsiLun lun;
    for (std::size_t level = 0; level < 4; ++level) {
        util::Split group = util::split_first(text, '-');
        auto value = util::parse_hex(group.before);
        if (!value || group.before.size() > 4) return kBadLun;
        lun.bytes[level * 2] = static_cast<std::uint8_t>(*value >> 8);
        lun.bytes[level * 2 + 1] = static_cast<std::uint8_t>(*value);
        if (!group.found) return lun;
        text = group.after;
    }
    return kBadLun;
}

util::Text<19> to_text(const ScsiLun& lun) {
    util::Text<19> text;
    std::size_t levels = 4;
    while (levels > 1 && lun.bytes[levels * 2 - 1] == 0 && lun.bytes[levels * 2 - 2] == 0) --levels;
    for (std::size_t level = 0; level < levels; ++level) {
        unsigned value = static_cast<unsigned>(lun.bytes[level * 2] << 8 | lun.bytes[level * 2 + 1]);
        if (level) text.character('-');
        text.hex(value, levels > 1 ? 4 : 1);
    }
    return text;
}

Result<void> check_iscsi_name(std::string_view name) {
    if (name.size() > kLongestIscsiName) return util::kTooLong;
    std::string_view type = name.substr(0, 4);
    bool known = false;
    for (std::string_view prefix : {"iqn.", "eui.", "naa."}) known |= util::equal_ignoring_case(type, prefix);
    if (!known || name.size() == type.size()) return kBadTargetName;
    for (char c : name)
        if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) return kBadTargetName;
    return {};
}

Result<IscsiPortal> parse_target_address(std::string_view text) {
    text = util::split_first(text, ',').before;  // the portal group tag
    auto portal = take_server(text);
    if (!portal.ok() || portal.value().server.empty()) return kBadRedirect;
    if (text.empty()) return portal;
    auto port = parse_port(text.substr(1));
    if (text[0] != ':' || !port.ok()) return kBadRedirect;
    portal.value().port = port.value();
    return portal;
}

}  // namespace san
