// A network interface's own settings: "${net0/mac}", "${net0/chip}", "${net0/busid}"; and the address that
// scripts give it: "set net0/ip 10.0.0.2" acts at once.
#pragma once

#include "net/ip/interface.h"
#include "scripts/settings/settings.h"

namespace net {
class DhcpClient;
}  // namespace net

namespace scripts {

inline constexpr util::Failure kNoSuchDriver{util::code::kScript + 42,
                                             "this image has no such driver for the network interface"};

inline constexpr util::Failure kBadMac{util::code::kScript + 43,
                                       "not a MAC address: six bytes, of which the first is even and not all are zero"};

class InterfaceScope final : public SettingScope {
  public:
    InterfaceScope(net::Interface& interface, const net::DhcpClient& dhcp)
        : SettingScope(interface.name()), interface_(interface), dhcp_(dhcp) {}
    bool is_interface() const override { return true; }
    util::Result<bool> fetch(const SettingReference& reference, SettingValue& value) override;
    // mac: the NIC's, at once; cleared, its own again. driver: the link's, from its next opening on. ip, netmask, gateway, mtu: puts them to use; cleared, the lease's again. Where neither says a gateway the
    // live route is left alone: scripts clear it to keep it out of the iBFT.
    util::Result<void> changed(const SettingReference& reference) override;
    // Puts what was typed in, and the lease where nothing was, to use.
    void apply();

  private:
    net::Ipv4Address typed(std::string_view name);
    util::Result<void> change_mac();
    net::Interface& interface_;
    const net::DhcpClient& dhcp_;
    std::optional<net::MacAddress> burned_in_;  // known once another was set
};

}  // namespace scripts
