// vcreate, vdestroy: network interfaces on VLANs.
#include "net/ip/vlan.h"
#include "scripts/commands/table.h"
#include "scripts/system.h"

namespace scripts {

util::Result<void> run_vcreate(Invocation& call) {
    Network& network = call.system.network;
    if (!call.has("tag")) {
        call.about("--tag");
        return kArgumentMissing;
    }
    std::uint64_t tag = call.number("tag", 0), priority = call.number("priority", 0);
    if (tag > net::VlanTrunk::kLargestId || priority > net::VlanTrunk::kLargestPriority) {
        call.about(tag > net::VlanTrunk::kLargestId ? "--tag" : "--priority");
        return kBadOptionValue;
    }
    std::string_view name = call.arguments.empty() ? std::string_view("netX") : call.arguments[0];
    call.about(name);
    Nic* trunk = network.find(name);
    if (!trunk) return kNoSuchInterface;
    TRY(network.create_vlan(*trunk, static_cast<std::uint16_t>(tag), static_cast<std::uint8_t>(priority)));
    return {};
}

util::Result<void> run_vdestroy(Invocation& call) {
    for (std::string_view name : call.arguments) {
        call.about(name);
        Nic* nic = call.system.network.find(name);
        if (!nic) return kNoSuchInterface;
        TRY(call.system.network.destroy_vlan(*nic));
    }
    return {};
}

}  // namespace scripts
