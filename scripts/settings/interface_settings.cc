#include "scripts/settings/interface_settings.h"

#include "net/config/dhcp.h"
#include "net/config/dhcp_interface.h"

namespace scripts {

using namespace std::string_view_literals;

util::Result<bool> InterfaceScope::fetch(const SettingReference& reference, SettingValue& value) {
    const net::LinkIdentity& identity = interface_.link().identity();
    std::string_view name = reference.name, bytes;
    net::MacAddress mac = interface_.mac(), own = burned_in_.value_or(mac);
    // PXE 2.1's network device id: bus type PCI, vendor, device.
    struct {
        std::uint8_t type = 1;
        util::Be16 vendor, device;
    } bus_id;
    util::Be32 location(identity.busdevfn);
    if (util::equal(name, "mac")) bytes = util::as_text(std::as_bytes(std::span(mac.octets)));
    if (has_rare_settings() && util::equal(name, "hwaddr")) bytes = util::as_text(std::as_bytes(std::span(own.octets)));
    if (util::equal(name, "driver")) bytes = identity.driver;
    if (util::equal(name, "ifname")) bytes = interface_.name();
    if (util::equal(name, "chip")) bytes = identity.chip;
    if (util::equal(name, "bustype") && identity.has_pci_address) bytes = "PCI"sv;
    if (util::equal(name, "busloc") && identity.has_pci_address)
        bytes = util::as_text(std::as_bytes(std::span(&location, 1)));
    if (util::equal(name, "busid") && identity.vendor) {
        bus_id.vendor = identity.vendor;
        bus_id.device = identity.device;
        bytes = util::as_text(std::as_bytes(std::span(&bus_id, 1)));
    }
    const NamedSetting* known = reference.known;
    if (known && known->home == SettingHome::Interface && known->live) return known->live(nullptr, &interface_, value);
    TRY(value.bytes.append(bytes));
    return !bytes.empty();
}

net::Ipv4Address InterfaceScope::typed(std::string_view name) {
    const StoredSettings::Entry* entry = stored().find(name);
    net::Ipv4Address address;
    if (entry && entry->bytes.size() == sizeof address)
        std::memcpy(&address, entry->bytes.view().data(), sizeof address);
    return address;
}

// The netmask of the address's class (RFC 791 section 3.2), for scripts that set none.
static net::Ipv4Address class_netmask(net::Ipv4Address address) {
    if (address.value() >> 31 == 0) return net::Ipv4Address(255, 0, 0, 0);
    return address.value() >> 30 == 2 ? net::Ipv4Address(255, 255, 0, 0) : net::Ipv4Address(255, 255, 255, 0);
}

// What was typed in goes before the lease, field by field.
void InterfaceScope::apply() {
    const net::Ipv4Config* current = interface_.config();
    net::Ipv4Config config;
    if (dhcp_.has_lease()) config = net::to_ipv4_config(dhcp_.lease());
    auto prefer_typed = [&](std::string_view name, net::Ipv4Address& field) {
        net::Ipv4Address address = typed(name);
        if (!address.is_unspecified()) field = address;
    };
    prefer_typed("ip"sv, config.address);
    if (config.address.is_unspecified()) return;
    prefer_typed("netmask"sv, config.netmask);
    if (config.netmask.is_unspecified()) config.netmask = class_netmask(config.address);
    prefer_typed("gateway"sv, config.gateway);
    if (const StoredSettings::Entry* mtu = stored().find("mtu"sv))
        config.mtu = static_cast<std::uint16_t>(setting_number(mtu->type, mtu->bytes.view()).value_or(0));
    bool same = current && current->address == config.address && current->netmask == config.netmask;
    if (same && config.gateway.is_unspecified()) config.gateway = current->gateway;
    if (same) {
        interface_.replace_routes(config);
    } else {
        interface_.configure(config);
    }
}

util::Result<void> InterfaceScope::change_mac() {
    if (!burned_in_) burned_in_ = interface_.mac();
    net::MacAddress mac = *burned_in_;
    util::Result<void> status;
    if (const StoredSettings::Entry* entry = stored().find("mac")) {
        if (entry->bytes.size() == sizeof mac) std::memcpy(&mac, entry->bytes.view().data(), sizeof mac);
        if (entry->bytes.size() != sizeof mac || mac.is_multicast() || mac == net::MacAddress{}) {
            status = kBadMac;
            mac = *burned_in_;
        }
    }
    auto changed = interface_.set_mac(mac);
    if (status.ok()) status = changed;
    if (!status.ok()) stored().clear("mac");
    return status;
}

util::Result<void> InterfaceScope::changed(const SettingReference& reference) {
    if (net::addresses_change() && util::equal(reference.name, "mac")) return change_mac();
    if (util::equal(reference.name, "driver")) {
        const StoredSettings::Entry* entry = stored().find(reference.name);
        if (interface_.link().choose_driver(entry ? entry->bytes.view() : std::string_view())) return {};
        stored().clear(reference.name);
        return kNoSuchDriver;
    }
    bool known = false;
    for (const char* name : {"ip", "netmask", "gateway", "mtu"}) known |= util::equal(reference.name, name);
    if (!known) return {};
    if (!dhcp_.has_lease() && typed("ip"sv).is_unspecified()) {
        // Only an address that was typed in is taken away again.
        if (util::equal(reference.name, "ip")) interface_.deconfigure();
        return {};
    }
    apply();
    return {};
}

}  // namespace scripts
