#include "scripts/network.h"

#include <platform/boot.h>

#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

Nic::Nic(net::Stack& stack, net::Interface& interface, net::Random& random)
    : interface(interface),
      port(stack, interface),
      dhcp(port, random),
      scope(interface, dhcp),
      dhcp_scope_((dhcp_name_.text(interface.name()).text(".dhcp"), dhcp_name_.view()), dhcp) {}

util::Result<void> Nic::open() {
    TRY(interface.open());
    scope.apply();
    return {};
}

void Nic::close() {
    dhcp.stop();
    interface.close();
}

util::Result<Nic*> Network::add(net::Interface& interface) {
    const SystemParts& parts = system_.parts;
    TRY(nics_.push(TRY(util::make_owned<Nic>(parts.stack, interface, parts.random))));
    Nic& nic = *nics_.back();
    system_.loop.add(nic.dhcp);
    system_.settings.add(nic.scope);
    system_.settings.add(nic.dhcp_scope_);
    return &nic;
}

util::Result<void> Network::start() {
    net::Stack& stack = system_.parts.stack;
    for (std::size_t i = 0; i < stack.interface_count(); ++i) TRY(add(stack.interface(i)));
    system_.settings.add(proxy_scope_);
    system_.settings.add(cached_scope_);
    adopt_cached();
    return {};
}

// The NIC that was booted from is the first. What its ROM was given is its lease until DHCP is asked anew.
void Network::adopt_cached() {
    auto cached = platform::cached_dhcp();
    cached_scope_.read(cached.ack, cached.reply);
    if (nics_.empty() || cached.ack.empty()) return;
    Nic& nic = *nics_[0];
    if (!nic.dhcp.adopt(cached.ack, system_.loop.now()).ok()) return;
    cached_nic_ = &nic;
    prefer(nic);
}

Nic* Network::find(std::string_view name) {
    if (util::equal(name, "netX")) name = system_.settings.preferred();
    for (auto& nic : nics_)
        if (nic->name() == name) return nic.get();
    return nullptr;
}

util::Result<util::Vector<Nic*>> Network::select(std::span<const std::string_view> names,
                                                 std::string_view& about) {
    util::Vector<Nic*> selected;
    for (std::string_view name : names) {
        about = name;
        Nic* nic = find(name);
        if (!nic) return kNoSuchInterface;
        TRY(selected.push(nic));
    }
    if (names.empty()) {
        for (auto& nic : nics_) TRY(selected.push(nic.get()));
        if (selected.empty()) return kNoInterfaces;
    }
    return selected;
}

void Network::prefer(Nic& nic) {
    nic.scope.apply();
    system_.settings.prefer(nic.name());
    proxy_scope_.use(&nic.dhcp);
    refresh_dns();
}

util::Result<void> Network::set_boot_server(util::Owned<SettingScope> scope) {
    boot_server_ = std::move(scope);
    system_.settings.add(*boot_server_);
    system_.settings.prefer(boot_server_->name());
    return {};
}

void Network::refresh_dns() {
    dns_.server_count = 0;
    dns_.search.clear();
    dns_.search.text(system_.settings.text("119:dnssl"sv).view());
    if (dns_.search.view().empty()) dns_.search.text(system_.settings.text("domain"sv).view());
    SettingValue value;
    auto found = system_.settings.fetch("dns"sv, value);
    if (!found.ok() || !found.value()) return;
    std::string_view bytes = value.bytes.view();
    for (; bytes.size() >= 4 && dns_.server_count < net::DnsSettings::kMaximumServers; bytes.remove_prefix(4))
        std::memcpy(&dns_.servers[dns_.server_count++], bytes.data(), 4);
}

}  // namespace scripts
