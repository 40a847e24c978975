// dhcp (ifconf), ifopen, ifclose, iflinkwait, ifstat, route, nslookup: the commands about the network.
#include "scripts/commands/table.h"
#include "scripts/system.h"

namespace scripts {

namespace {

constexpr util::Failure kNoConfigurator{util::code::kScript + 164, "only \"dhcp\" there is"};

util::Result<util::Vector<Nic*>> select(Invocation& call) {
    std::string_view about;
    auto nics = call.system.network.select(call.arguments, about);
    call.about(about);
    return nics;
}

util::Duration timeout_of(Invocation& call) {
    return util::Duration::milliseconds(static_cast<std::int64_t>(call.number("timeout", 0)));
}

}  // namespace

util::Result<void> run_dhcp(Invocation& call) {
    if (call.has("configurator") && !util::equal(call.text("configurator"), "dhcp")) {
        call.about(call.text("configurator"));
        return kNoConfigurator;
    }
    auto nics = TRY(select(call));
    if (nics.size() == 1) call.about(nics[0]->name());
    TRY(call.system.network.configure(nics.span(), Network::Wanted::Address, timeout_of(call)));
    return {};
}

util::Result<void> run_ifopen(Invocation& call) {
    auto nics = TRY(select(call));
    for (Nic* nic : nics) {
        call.about(nic->name());
        TRY(nic->open());
        call.system.network.prefer(*nic);
    }
    return {};
}

util::Result<void> run_ifclose(Invocation& call) {
    for (Nic* nic : TRY(select(call))) {
        if (call.system.san.uses(nic->interface)) {
            std::string_view name = nic->name();
            util::print("%v stays open: a SAN drive needs it\n", &name);
            continue;
        }
        nic->interface.close();
    }
    return {};
}

util::Result<void> run_iflinkwait(Invocation& call) {
    util::Duration timeout = timeout_of(call);
    for (Nic* nic : TRY(select(call))) {
        call.about(nic->name());
        bool was_open = nic->interface.is_open();
        TRY(nic->open());
        util::Instant deadline = timeout.us() > 0 ? call.system.loop.now() + timeout : util::Instant::never();
        auto waited = call.system.loop.run_until([&] { return nic->interface.link_up(); }, deadline);
        if (waited.ok()) {
            call.system.network.prefer(*nic);
            return {};
        }
        if (!was_open) nic->interface.close();
        if (&waited.failure() != &util::kTimedOut) return waited.failure();
    }
    return net::kDhcpNoLink;
}

static void print_drops(const net::InterfaceStatistics& statistics, bool sent) {
    for (std::size_t i = 0; i < net::kDropReasons; ++i) {
        auto reason = static_cast<net::Drop>(i);
        if (statistics.drops[i] == 0 || (reason >= net::Drop::NoMemory) != sent) continue;
        util::print("  [%s: %u x \"%s\"]\n", sent ? "TXE" : "RXE", statistics.drops[i],
                    net::drop_text(reason));
    }
}

static unsigned count_drops(const net::InterfaceStatistics& statistics, bool sent) {
    unsigned count = 0;
    for (std::size_t i = 0; i < net::kDropReasons; ++i)
        if ((static_cast<net::Drop>(i) >= net::Drop::NoMemory) == sent) count += statistics.drops[i];
    return count;
}

static void print_interface(net::Interface& interface) {
    const net::LinkIdentity& identity = interface.link().identity();
    auto mac = net::to_text(interface.mac());
    std::string_view name = interface.name(), shown = mac.view();
    util::print("%v: %v using %v", &name, &shown, &identity.driver);
    if (identity.has_pci_address)
        util::print(" on PCI%02x:%02x.%x", identity.busdevfn >> 8u, identity.busdevfn >> 3u & 0x1fu,
                    identity.busdevfn & 7u);
    util::print(" (%v) [%s]\n", &identity.chip, interface.is_open() ? "open" : "closed");
    net::LinkState link = interface.link_state();
    const net::InterfaceStatistics& statistics = interface.statistics();
    util::print("  [Link:%s", link.up ? "up" : interface.is_open() ? "down" : "unknown");
    if (link.up && link.megabits) util::print(" %u Mbit/s", link.megabits);
    if (link.up && link.duplex != net::Duplex::Unknown)
        util::print(" %s duplex", link.duplex == net::Duplex::Full ? "full" : "half");
    util::print(", TX:%u TXE:%u RX:%u RXE:%u]\n", statistics.sent_frames, count_drops(statistics, true),
                statistics.received_frames, count_drops(statistics, false));
    print_drops(statistics, true);
    print_drops(statistics, false);
}

util::Result<void> run_ifstat(Invocation& call) {
    for (Nic* nic : TRY(select(call))) print_interface(nic->interface);
    return {};
}

void print_routes(net::Interface& interface) {
    const net::Ipv4Config* config = interface.config();
    if (!config) return;
    auto address = net::to_text(config->address), netmask = net::to_text(config->netmask);
    std::string_view name = interface.name(), address_text = address.view(), netmask_text = netmask.view();
    util::print("%v: %v/%v", &name, &address_text, &netmask_text);
    auto gateway = net::to_text(config->gateway);
    std::string_view gateway_text = gateway.view();
    if (!config->gateway.is_unspecified()) util::print(" gw %v", &gateway_text);
    util::print("%s\n", interface.is_open() ? "" : " (inaccessible)");
    for (std::size_t i = 0; i < config->route_count; ++i) {
        const net::Ipv4StaticRoute& route = config->routes[i];
        auto network = net::to_text(route.network), router = net::to_text(route.gateway);
        std::string_view network_text = network.view(), router_text = router.view();
        util::print("%v: %v/%u gw %v\n", &name, &network_text, route.prefix, &router_text);
    }
}

util::Result<void> run_route(Invocation& call) {
    for (auto& nic : call.system.network.nics()) print_routes(nic->interface);
    return {};
}

util::Result<void> run_nslookup(Invocation& call) {
    constexpr util::Duration kPatience = util::Duration::seconds(60);
    System& system = call.system;
    call.about(call.arguments[1]);
    system.network.refresh_dns();
    net::DnsContext context{
        system.loop, system.parts.datagrams, system.parts.random, system.network.dns(), {}};
    net::Ipv4Address address = TRY(net::resolve(context, call.arguments[1], system.loop.now() + kPatience));
    auto reference = TRY(SettingReference::parse(call.arguments[0]));
    std::string_view bytes = util::as_text(std::as_bytes(std::span(&address, 1)));
    return system.settings.set_bytes(reference, SettingType::Ipv4, bytes);
}

}  // namespace scripts
