// The network as scripts know it: each NIC with its DHCP client and its settings scopes, and the DNS servers
// in force.
#pragma once

#include "net/config/dhcp_interface.h"
#include "net/config/resolver.h"
#include "scripts/settings/dhcp_settings.h"
#include "scripts/settings/interface_settings.h"

namespace scripts {

class System;

}  // namespace scripts

namespace net {
class VlanTrunk;
}

namespace scripts {

inline constexpr util::Failure kNoSuchInterface{util::code::kScript + 40,
                                                "there is no such network interface"};
inline constexpr util::Failure kNoInterfaces{util::code::kScript + 41,
                                             "there is no network interface: no driver found its NIC"};

inline constexpr util::Failure kVlanInVlan{util::code::kScript + 170, "a VLAN can be made on a network card only, not on a VLAN"};
inline constexpr util::Failure kNoVlan{util::code::kScript + 171, "that interface is no VLAN"};
inline constexpr util::Failure kVlanInUse{util::code::kScript + 172, "a SAN drive needs that interface"};

class Nic {
  public:
    Nic(net::Stack& stack, net::Interface& interface, net::Random& random);
    Nic(const Nic&) = delete;

    net::Interface& interface;
    net::DhcpInterface port;
    net::DhcpClient dhcp;

    std::string_view name() const { return interface.name(); }
    // Opens the link, and puts a typed-in address to use. Failure: the driver's.
    util::Result<void> open();
    void close();
    InterfaceScope scope;
    // What its DHCP client says.
    const net::DhcpRequest& request() const { return request_; }

  private:
    friend class Network;
    // What the request points to, as long as the client may say it again.
    util::String user_class_, host_name_;
    std::array<std::uint8_t, 16> uuid_;
    net::DhcpRequest request_;
    util::Text<16> dhcp_name_;
    DhcpScope dhcp_scope_;
};

// "net0: 10.0.2.15/255.255.255.0 gw 10.0.2.2", and static routes; nothing when it has no address.
void print_routes(net::Interface& interface);

class Network {
  public:
    explicit Network(System& system) : system_(system) {}
    Network(const Network&) = delete;

    // Takes over the stack's interfaces, in their order. Failure: out of memory.
    util::Result<void> start();

    std::span<util::Owned<Nic>> nics() { return nics_.span(); }
    Nic* find(std::string_view name);
    // In scripts/vlans.cc. An interface on a VLAN of a trunk, named "net0-100"; if there is one already it gets the priority. Failure:
    // kVlanInVlan, net::kTooManyInterfaces, out of memory.
    util::Result<Nic*> create_vlan(Nic& trunk, std::uint16_t id, std::uint8_t priority);
    // Failure: kNoVlan, kVlanInUse.
    util::Result<void> destroy_vlan(Nic& nic);
    // The NIC of those that are named, or all. Failure: kNoSuchInterface (with about saying which),
    // kNoInterfaces.
    util::Result<util::Vector<Nic*>> select(std::span<const std::string_view> names, std::string_view& about);

    // Asks DHCP servers on all of these at once, and takes the best lease: one with boot information, the
    // one with the highest priority (option 175.1), the earlier NIC first. The others are closed again. Says on the console how it goes. A zero patience means
    // the usual one. Who wants boot information waits a little for a server that has some (proxyDHCP) when
    // the first has none. Failure: the first NIC's.
    enum class Wanted : std::uint8_t { Address, BootInformation };
    util::Result<Nic*> configure(std::span<Nic* const> nics, Wanted wanted, util::Duration patience = {});

    // The DNS servers and domains in force: brought up to date by refresh_dns().
    const net::DnsSettings& dns() const { return dns_; }
    void refresh_dns();
    // That one was used last: netX.
    void prefer(Nic& nic);
    // Its lease is what a PXE stack had got.
    bool is_cached(const Nic& nic) const { return &nic == cached_nic_; }

    // What is said to servers by this one, as the settings are now. Its DHCP client must not be using the former. Failure: out of memory.
    util::Result<void> make_request(Nic& nic);
    // The scope of a PXE boot server, in force until DHCP is asked anew.
    util::Result<void> set_boot_server(util::Owned<SettingScope> scope);
    void forget_boot_server() { boot_server_.reset(); }

  private:
    util::Result<Nic*> add(net::Interface& interface);
    util::Result<net::VlanTrunk*> trunk_of(Nic& nic);
    util::Result<net::Interface*> free_interface(net::Link& link);
    void adopt_cached();
    // The NIC of these whose cached lease is to do, as "use-cached" says; null: none.
    util::Result<Nic*> take_cached(std::span<Nic* const> nics);
    util::Result<Nic*> await_lease(std::span<Nic* const> nics);

    System& system_;
    util::Vector<util::Owned<net::Link>> trunks_;  // each a net::VlanTrunk
    util::Vector<util::Owned<Nic>> nics_;
    net::DnsSettings dns_;
    ProxyDhcpScope proxy_scope_{system_};
    CachedDhcpScope cached_scope_;
    util::Owned<SettingScope> boot_server_;
    Nic* cached_nic_ = nullptr;  // whose lease is the one that the PXE stack had got
};

}  // namespace scripts
