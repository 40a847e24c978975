// Network's VLANs: interfaces that come and go. An interface of the stack stays when its VLAN goes, without a Nic, and becomes the next
// one's.
#include "net/ip/vlan.h"
#include "scripts/system.h"

namespace scripts {

util::Result<net::VlanTrunk*> Network::trunk_of(Nic& nic) {
    for (auto& link : trunks_)
        if (auto* trunk = static_cast<net::VlanTrunk*>(link.get()); &trunk->interface() == &nic.interface) return trunk;
    TRY(trunks_.reserve(trunks_.size() + 1));
    auto made = TRY(util::make_owned<net::VlanTrunk>(nic.interface));
    net::VlanTrunk* trunk = made.get();
    TRY(trunks_.push(std::move(made)));
    return trunk;
}

util::Result<net::Interface*> Network::free_interface(net::Link& link) {
    net::Stack& stack = system_.parts.stack;
    for (std::size_t i = 0; i < stack.interface_count(); ++i) {
        net::Interface& interface = stack.interface(i);
        bool taken = false;
        for (auto& nic : nics_) taken |= &nic->interface == &interface;
        if (!taken) return &interface;
    }
    return stack.add(link);
}

util::Result<Nic*> Network::create_vlan(Nic& nic, std::uint16_t id, std::uint8_t priority) {
    if (nic.interface.vlan_id()) return kVlanInVlan;
    net::VlanTrunk& trunk = *TRY(trunk_of(nic));
    if (net::VlanLink* there = trunk.find(id)) {
        there->set_priority(priority);
        return find(there->interface().name());
    }
    net::Interface& interface = *TRY(free_interface(trunk.driver()));
    TRY(trunk.add(interface, id, priority));
    auto made = add(interface);
    if (!made.ok()) {
        trunk.remove(id);
        return made;
    }
    util::Be32 tag(id);
    std::string_view bytes = util::as_text(std::as_bytes(std::span(&tag, 1)));
    TRY(made.value()->scope.stored().set("vlan-tag", SettingType::Int32, bytes));
    return made;
}

util::Result<void> Network::destroy_vlan(Nic& nic) {
    if (!nic.interface.vlan_id()) return kNoVlan;
    if (system_.san.uses(nic.interface)) return kVlanInUse;
    std::uint16_t id = *nic.interface.vlan_id();
    std::string_view name = nic.name();
    Nic* trunk = find(name.substr(0, name.rfind('-')));
    proxy_scope_.forget(nic.dhcp);
    nic.close();
    for (std::size_t i = 0; i < nics_.size(); ++i)
        if (nics_[i].get() == &nic) nics_.erase(i--);
    TRY(trunk_of(*trunk))->remove(id);
    refresh_dns();
    return {};
}

}  // namespace scripts
