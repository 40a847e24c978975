// PXE services beside DHCP: proxyDHCP servers that say what to boot, their menus and boot servers. The feature "pxemenu"; what comes
// by itself in a proxyDHCP's offer is there without.
#pragma once

#include "scripts/network.h"

namespace scripts {

inline constexpr util::Failure kNoPxeMenuItem{util::code::kScript + 180, "the PXE menu has no items"};

// In scripts/pxe_table.cc, as the image's features say.

// Before DHCP: forgets what boot servers have said. Whether the settings let a DHCP offer wait for a proxyDHCP's.
bool begin_pxe(System& system);
// Asks a proxyDHCP for what its offer left out, and waits for one that is late when the lease has nothing to boot.
void complete_proxy(System& system, Nic& nic);
// The same when a setting is looked up that a proxyDHCP could have.
void await_proxy(System& system, const SettingReference& reference);
// What there is to boot may be to be chosen from a menu first. Local: the person wants the machine's own disk.
enum class PxeChoice : std::uint8_t { Settings, Local };
util::Result<PxeChoice> choose_by_pxe(System& system, Nic& nic);

// What is behind that (scripts/pxe.cc).

struct PxeService {
    std::string_view name;
    bool (*begin)(System& system);
    void (*complete)(System& system, Nic& nic);
    void (*await)(System& system, const SettingReference& reference);
    util::Result<PxeChoice> (*choose)(System& system, Nic& nic);
};
bool begin_pxe_services(System& system);
void complete_proxy_offer(System& system, Nic& nic);
void await_proxy_offer(System& system, const SettingReference& reference);
util::Result<PxeChoice> choose_from_pxe_menu(System& system, Nic& nic);
// Finds a boot server of a type as the lease or proxyDHCP says, and makes its answer the scope "pxebs". Failure: net::ask_pxe()'s.
util::Result<void> find_boot_server(System& system, Nic& nic, std::uint16_t type);

// What a boot server has answered: "pxebs". Without a scope it says what to boot, and nothing about the network.
class PxebsScope final : public SettingScope {
  public:
    PxebsScope(net::DhcpMessage message, net::Ipv4Address server)
        : SettingScope("pxebs"), message_(std::move(message)), server_(server) {}
    util::Result<bool> fetch(const SettingReference& reference, SettingValue& value) override;

  private:
    net::DhcpMessage message_;
    net::Ipv4Address server_;
};

}  // namespace scripts
