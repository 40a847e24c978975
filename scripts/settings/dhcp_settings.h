// What DHCP servers sent, as settings: "${net0.dhcp/ip}", "${17}", "${175.8:uint8}",
// "${proxydhcp/next-server}".
#pragma once

#include "net/config/dhcp.h"
#include "scripts/settings/settings.h"

namespace scripts {

// The lease of one interface: "net0.dhcp".
class DhcpScope final : public SettingScope {
  public:
    DhcpScope(std::string_view name, const net::DhcpClient& client) : SettingScope(name), client_(client) {}
    util::Result<bool> fetch(const SettingReference& reference, SettingValue& value) override;

  private:
    const net::DhcpClient& client_;
};

// The proxyDHCP offer that came with the lease used last: "proxydhcp".
class ProxyDhcpScope final : public SettingScope {
  public:
    ProxyDhcpScope() : SettingScope("proxydhcp") {}
    // Must outlive the scope, or be replaced.
    void use(const net::DhcpClient* client) { client_ = client; }
    util::Result<bool> fetch(const SettingReference& reference, SettingValue& value) override;

  private:
    const net::DhcpClient* client_ = nullptr;
};

}  // namespace scripts
