// A network interface's own settings: "${net0/mac}", "${net0/chip}", "${net0/busid}"; and the address that
// scripts give it: "set net0/ip 10.0.0.2" acts at once.
#pragma once

#include "net/ip/interface.h"
#include "scripts/settings/settings.h"

namespace net {
class DhcpClient;
class DhcpPort;
}  // namespace net

namespace scripts {

inline constexpr util::Failure kNoSuchDriver{util::code::kScript + 42,
                                             "this image has no such driver for the network interface"};

class InterfaceScope final : public SettingScope {
  public:
    InterfaceScope(net::Interface& interface, net::DhcpPort& port, const net::DhcpClient& dhcp)
        : SettingScope(interface.name()), interface_(interface), port_(port), dhcp_(dhcp) {}
    bool is_interface() const override { return true; }
    util::Result<bool> fetch(const SettingReference& reference, SettingValue& value) override;
    // driver: the link's, from its next opening on. ip, netmask, gateway: puts them to use. An unset or zero gateway leaves the live route alone: scripts
    // do that to keep it out of the iBFT.
    util::Result<void> changed(const SettingReference& reference) override;
    // Puts a typed-in address to use, if there is one.
    void apply();

  private:
    net::Ipv4Address typed(std::string_view name);
    net::Interface& interface_;
    net::DhcpPort& port_;
    const net::DhcpClient& dhcp_;
};

}  // namespace scripts
