#include "scripts/pxe.h"

#include "net/config/pxe_discovery.h"
#include "scripts/keys.h"
#include "scripts/menus/menu_screen.h"
#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

namespace {

// How long after the lease a proxyDHCP's offer is waited for, when somebody wants to know what it says.
constexpr util::Duration kProxyPatience = util::Duration::milliseconds(500);
constexpr int kKeyF8 = platform::kKeyF1 + 7;

// The message that has the menu: the proxyDHCP's, or that of a DHCP server which is one as well.
const net::DhcpMessage* pxe_message(const Nic& nic) {
    if (const net::DhcpMessage* proxy = nic.dhcp.proxy_offer()) return proxy;
    return nic.dhcp.has_lease() ? &nic.dhcp.lease().message : nullptr;
}

bool waits_for_proxies(System& system) { return !system.settings.number("no-pxedhcp"sv, 0); }

bool is_waiting_allowed(System& system, const Nic& nic) {
    return nic.dhcp.has_lease() && !system.network.is_cached(nic) && waits_for_proxies(system);
}

void wait_for_offer(System& system, Nic& nic) {
    if (!is_waiting_allowed(system, nic)) return;
    (void)system.loop.run_until([&] { return nic.dhcp.proxy_offer() != nullptr; },
                                nic.dhcp.lease().obtained + kProxyPatience);
}

// The DHCP client has the port otherwise.
util::Result<net::PxeAnswer> ask(System& system, Nic& nic, const net::PxeQuestion& question) {
    if (system.network.is_cached(nic)) TRY(system.network.make_request(nic));
    nic.port.close();
    auto answer = net::ask_pxe(system.loop, system.parts.stack, nic.interface, question);
    TRY(nic.port.open());
    return answer;
}

// An offer by a PXE service that says no more than where it is (PXE 2.1 section 2.2.3).
bool leaves_all_out(const net::DhcpMessage& offer) {
    return offer.options.text(net::dhcp_option::kVendorClass).starts_with(net::kPxeClient) && offer.filename().empty() &&
           !net::read_pxe_options(offer).any;
}

net::Ipv4Address server_of(const net::DhcpMessage& message, net::Ipv4Address otherwise) {
    net::Ipv4Address named = message.options.address(net::dhcp_option::kServerIdentifier);
    return named.is_unspecified() ? otherwise : named;
}

// The line of the prompt, and how long it stands there: "Press F8 for the menu  5".
util::Result<bool> wants_menu(System& system, const net::PxeOptions& options) {
    for (unsigned seconds = options.timeout; seconds; --seconds) {
        util::print("\r%v %u ", &options.prompt, seconds);
        util::Instant end = system.loop.now() + util::Duration::seconds(1);
        for (;;) {
            auto key = wait_for_key_until(system.loop, end);
            if (!key.ok() && &key.failure() == &util::kTimedOut) break;
            util::print("\n");
            if (TRY(std::move(key)) == kKeyF8) return true;
            util::print("%v %u ", &options.prompt, seconds);
        }
    }
    util::print("\n");
    return false;
}

util::Result<std::uint16_t> show_menu(System& system, const net::PxeOptions& options) {
    Dialog menu;
    TRY(menu.title.assign(options.prompt.empty() ? "PXE boot menu" : options.prompt));
    for (net::PxeMenuWalker walker(options.menu); walker.next();) {
        DialogItem item;
        util::Text<8> type;
        TRY(item.name.assign(type.format("%u", walker.type()).view()));
        TRY(item.text.assign(walker.text()));
        if (menu.items.size() < 9) item.key = static_cast<int>('1' + menu.items.size());
        TRY(menu.add(std::move(item)));
    }
    Screen screen(system.palette, menu.title, system.engine.take_unseen_error());
    const DialogItem* chosen = TRY(MenuScreen(system.loop, screen, menu).choose("", {}));
    return static_cast<std::uint16_t>(*util::parse_integer(chosen->name.view()));
}

util::Result<std::uint16_t> choose_type(System& system, const net::PxeOptions& options) {
    net::PxeMenuWalker first(options.menu);
    if (!first.next()) return kNoPxeMenuItem;
    bool waits = !options.has_prompt || options.timeout == net::PxeOptions::kWaitForEver;
    if (!waits && !TRY(wants_menu(system, options))) return first.type();
    return show_menu(system, options);
}

}  // namespace

bool begin_pxe_services(System& system) {
    system.network.forget_boot_server();
    return waits_for_proxies(system);
}

void complete_proxy_offer(System& system, Nic& nic) {
    if (!nic.dhcp.has_lease()) return;
    if (!nic.dhcp.lease().message.has_boot_information()) wait_for_offer(system, nic);
    const net::DhcpMessage* message = pxe_message(nic);
    if (!message || !leaves_all_out(*message)) return;
    net::PxeQuestion question{.request = nic.request()};
    net::Ipv4Endpoint server{server_of(*message, nic.dhcp.lease().server), net::kPxeServicePort};
    if (!question.destinations.push(server).ok()) return;
    auto answer = ask(system, nic, question);
    if (answer.ok()) nic.dhcp.set_proxy(std::move(answer.value().message));
}

void await_proxy_offer(System& system, const SettingReference& reference) {
    bool asked_for = reference.scope == "proxydhcp" || (reference.scope.empty() && util::equal(reference.name, "filename"));
    Nic* nic = asked_for ? system.network.find("netX") : nullptr;
    if (nic) wait_for_offer(system, *nic);
}

util::Result<void> find_boot_server(System& system, Nic& nic, std::uint16_t type) {
    const net::DhcpMessage* message = pxe_message(nic);
    if (!message) return net::kPxeNoServer;
    net::PxeOptions options = net::read_pxe_options(*message);
    net::PxeQuestion question{.request = nic.request(), .item = net::PxeBootItem{type, 0}, .options = &options};
    TRY(net::add_boot_servers(options, type, question.destinations));
    net::PxeAnswer answer = TRY(ask(system, nic, question));
    return system.network.set_boot_server(TRY(util::make_owned<PxebsScope>(std::move(answer.message), answer.server)));
}

util::Result<PxeChoice> choose_from_pxe_menu(System& system, Nic& nic) {
    const net::DhcpMessage* message = pxe_message(nic);
    if (!message || !waits_for_proxies(system)) return PxeChoice::Settings;
    net::PxeOptions options = net::read_pxe_options(*message);
    bool file_at_once = options.control & net::PxeOptions::kFileAtOnce && !message->filename().empty();
    if (!options.has_menu() || file_at_once) return PxeChoice::Settings;
    std::uint16_t type = TRY(choose_type(system, options));
    if (type == net::PxeBootItem::kLocalBoot) return PxeChoice::Local;
    TRY(find_boot_server(system, nic, type));
    return PxeChoice::Settings;
}

util::Result<bool> PxebsScope::fetch(const SettingReference& reference, SettingValue& value) {
    std::string_view name = reference.name, number = reference.option_number();
    if (util::equal(name, "next-server") && message_.header.siaddr.is_unspecified()) {
        TRY(value.bytes.append(util::as_text(std::as_bytes(std::span(&server_, 1)))));
        return true;
    }
    bool is_about_booting = util::equal(name, "filename") || util::equal(name, "next-server") || number == "43" || number == "60";
    if (reference.scope.empty() && !is_about_booting) return false;
    return fetch_message(message_, reference, value);
}

}  // namespace scripts
