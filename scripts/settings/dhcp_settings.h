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

class System;

// What a message says in its header fields, or in options by number.
util::Result<bool> fetch_message(const net::DhcpMessage& message, const SettingReference& reference, SettingValue& value);

// The proxyDHCP offer that came with the lease used last: "proxydhcp".
class ProxyDhcpScope final : public SettingScope {
  public:
    explicit ProxyDhcpScope(System& system) : SettingScope("proxydhcp"), system_(system) {}
    // Must outlive the scope, or be replaced.
    void use(const net::DhcpClient* client) { client_ = client; }
    void forget(const net::DhcpClient& client) {
        if (client_ == &client) client_ = nullptr;
    }
    util::Result<bool> fetch(const SettingReference& reference, SettingValue& value) override;

  private:
    System& system_;
    const net::DhcpClient* client_ = nullptr;
};

// What the PXE stack that loaded us had got from DHCP: "cached". By this name only, as `dhcp` makes it a thing of the past.
// The reply that named the boot file, a proxy's perhaps, goes before the ACK.
class CachedDhcpScope final : public SettingScope {
  public:
    CachedDhcpScope() : SettingScope("cached") {}
    void read(util::Bytes ack, util::Bytes reply) {
        ack_ = net::parse_dhcp(ack);
        reply_ = net::parse_dhcp(reply);
    }
    util::Result<bool> fetch(const SettingReference& reference, SettingValue& value) override;

  private:
    std::optional<net::DhcpMessage> ack_, reply_;
};

}  // namespace scripts
