// ntp: sets the time of day.
#include "net/config/ntp.h"
#include "scripts/commands/table.h"
#include "scripts/system.h"

namespace scripts {

util::Result<void> run_ntp(Invocation& call) {
    constexpr util::Duration kResolvePatience = util::Duration::seconds(30);
    System& system = call.system;
    call.about(call.arguments[0]);
    system.network.refresh_dns();
    net::DnsContext dns{system.loop, system.parts.datagrams, system.parts.random, system.network.dns(), {}};
    net::Ipv4Address server = TRY(net::resolve(dns, call.arguments[0], system.loop.now() + kResolvePatience));
    system.wall_clock.set(TRY(net::query_ntp(system.loop, system.parts.datagrams, system.parts.random, server)));
    return {};
}

}  // namespace scripts
