// nstat, ipstat: what the network stack knows of its neighbours, and what went through it.
#include "scripts/commands/table.h"
#include "scripts/system.h"

namespace scripts {

util::Result<void> run_nstat(Invocation& call) {
    for (auto& nic : call.system.network.nics()) {
        const net::ArpCache& neighbours = nic->interface.neighbours();
        for (std::size_t i = 0; i < net::ArpCache::kEntries; ++i) {
            auto neighbour = neighbours.neighbour(i);
            if (!neighbour) continue;
            auto address = net::to_text(neighbour->address);
            auto mac = net::to_text(neighbour->mac.value_or(net::MacAddress()));
            std::string_view name = nic->name(), shown = address.view(), mac_text = neighbour->mac ? mac.view() : "(incomplete)";
            util::print("%v IP %v is Ethernet %v (ARP)\n", &name, &shown, &mac_text);
        }
    }
    return {};
}

// Names as in RFC 4293. We take part in no multicast, and frames that end too early count as broken headers.
util::Result<void> run_ipstat(Invocation& call) {
    net::Stack& stack = call.system.parts.stack;
    auto drops = [&stack](std::initializer_list<net::Drop> reasons) {
        std::uint32_t sum = 0;
        for (std::size_t i = 0; i < stack.interface_count(); ++i)
            for (net::Drop reason : reasons) sum += stack.interface(i).statistics().drops[static_cast<std::size_t>(reason)];
        return sum;
    };
    using enum net::Drop;
    const net::Ipv4Statistics& counts = stack.ipv4_statistics();
    util::print("IP version 4:\n  InReceives:%u InMcastPkts:0 InOctets:%u\n", counts.in_receives, counts.in_octets);
    util::print("  InHdrErrors:%u InAddrErrors:%u InUnknownProtos:%u InTruncatedPkts:0\n", drops({IpHeaderBroken, IpHeaderChecksum}),
                drops({IpForOthers, IpSourceImpossible}), drops({IpProtocolUnknown}));
    util::print("  ReasmReqds:%u ReasmOKs:%u ReasmFails:%u\n", counts.reassembly_requests, counts.reassembled,
                drops({FragmentsOverlap, FragmentsTooLarge, FragmentsIncomplete}));
    util::print("  InDelivers:%u OutRequests:%u OutNoRoutes:%u\n", counts.in_delivers, counts.out_requests, counts.out_no_routes);
    util::print("  OutTransmits:%u OutMcastPkts:0 OutOctets:%u\n", counts.out_transmits, counts.out_octets);
    return {};
}

}  // namespace scripts
