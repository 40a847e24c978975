#include "scripts/settings/interface_settings.h"

#include "net/config/dhcp.h"

namespace scripts {

util::Result<bool> InterfaceScope::fetch(const SettingReference& reference, SettingValue& value) {
    const net::LinkIdentity& identity = interface_.link().identity();
    std::string_view name = reference.name, bytes;
    net::MacAddress mac = interface_.mac();
    // PXE 2.1's network device id: bus type PCI, vendor, device.
    struct {
        std::uint8_t type = 1;
        util::Be16 vendor, device;
    } bus_id;
    util::Be32 location(identity.busdevfn);
    if (util::equal(name, "mac")) bytes = util::as_text(std::as_bytes(std::span(mac.octets)));
    if (util::equal(name, "driver")) bytes = identity.driver;
    if (util::equal(name, "ifname")) bytes = interface_.name();
    if (util::equal(name, "chip")) bytes = identity.chip;
    if (util::equal(name, "bustype") && identity.has_pci_address) bytes = "PCI";
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

void InterfaceScope::apply() {
    net::Ipv4Config config;
    config.address = typed("ip");
    if (config.address.is_unspecified()) return;
    config.netmask = typed("netmask");
    if (config.netmask.is_unspecified()) config.netmask = class_netmask(config.address);
    config.gateway = typed("gateway");
    interface_.configure(config);
}

util::Result<void> InterfaceScope::changed(const SettingReference& reference) {
    if (util::equal(reference.name, "driver")) {
        const StoredSettings::Entry* entry = stored().find(reference.name);
        if (interface_.link().choose_driver(entry ? entry->bytes.view() : std::string_view())) return {};
        stored().clear(reference.name);
        return kNoSuchDriver;
    }
    net::Ipv4Address address = typed("ip"), gateway = typed("gateway");
    if (util::equal(reference.name, "gateway")) {
        if (gateway.is_unspecified() || !interface_.config()) return {};
        net::Ipv4Config config = *interface_.config();
        config.gateway = gateway;
        interface_.replace_routes(config);
    } else if (util::equal(reference.name, "ip") && address.is_unspecified()) {
        if (dhcp_.has_lease()) {
            port_.configure(dhcp_.lease());
        } else {
            interface_.deconfigure();
        }
    } else if (util::equal(reference.name, "ip") || util::equal(reference.name, "netmask")) {
        apply();
    }
    return {};
}

}  // namespace scripts
