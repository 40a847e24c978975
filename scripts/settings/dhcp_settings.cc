#include "scripts/settings/dhcp_settings.h"

#include "scripts/pxe.h"

namespace scripts {

// Zero bytes are "not there" for addresses.
static util::Result<bool> take(net::Ipv4Address address, SettingValue& value) {
    if (address.is_unspecified()) return false;
    TRY(value.bytes.append(util::as_text(std::as_bytes(std::span(&address, 1)))));
    return true;
}

static util::Result<bool> take(std::string_view text, SettingValue& value) {
    TRY(value.bytes.append(text));
    return !text.empty();
}

util::Result<bool> fetch_message(const net::DhcpMessage& message, const SettingReference& reference, SettingValue& value) {
    if (util::equal(reference.name, "ip")) return take(message.header.yiaddr, value);
    if (util::equal(reference.name, "next-server")) return take(message.header.siaddr, value);
    if (util::equal(reference.name, "filename")) return take(message.filename(), value);
    if (util::equal(reference.name, "66")) return take(message.server_name(), value);
    std::string_view number = reference.option_number();
    auto option = number.empty() ? std::nullopt : message.options.find(number);
    if (!option) return false;
    TRY(value.bytes.append(util::as_text(*option)));
    return true;
}

util::Result<bool> DhcpScope::fetch(const SettingReference& reference, SettingValue& value) {
    if (!client_.has_lease()) return false;
    const net::DhcpLease& lease = client_.lease();
    // As the client has understood them: the netmask may be guessed, the gateway may come from option 121.
    if (util::equal(reference.name, "netmask")) return take(lease.netmask, value);
    if (util::equal(reference.name, "gateway")) return take(lease.gateway, value);
    if (util::equal(reference.name, "dhcp-server")) return take(lease.server, value);
    // A file and its server belong together.
    bool is_server = util::equal(reference.name, "next-server") && reference.scope != name();
    return fetch_message(is_server ? client_.boot_message() : lease.message, reference, value);
}

util::Result<bool> CachedDhcpScope::fetch(const SettingReference& reference, SettingValue& value) {
    if (reference.scope != name()) return false;
    bool boots = util::equal(reference.name, "filename") || util::equal(reference.name, "next-server");
    if (boots && reply_ && TRY(fetch_message(*reply_, reference, value))) return true;
    return ack_ && TRY(fetch_message(*ack_, reference, value));
}

util::Result<bool> ProxyDhcpScope::fetch(const SettingReference& reference, SettingValue& value) {
    if (client_ && !client_->proxy_offer()) await_proxy(system_, reference);
    if (!client_ || !client_->proxy_offer()) return false;
    return fetch_message(*client_->proxy_offer(), reference, value);
}

}  // namespace scripts
