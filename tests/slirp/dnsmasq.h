// A real dnsmasq on loopback, and a DhcpPort that reaches it as a relay agent would (RFC 1542), so that no broadcast and
// no privileged port is needed for DHCP. Its TFTP has port 69 and no other, so that needs root.
#pragma once

#include <string>
#include <vector>

#include "net/config/dhcp_port.h"
#include "tests/targets/real_target.h"

namespace host {

class Dnsmasq {
  public:
    // With these options besides those that make it keep to itself. False: it does not run.
    bool start(std::vector<std::string> options);
    void stop() { process_.stop(); }
    const targets::Scratch& scratch() const { return scratch_; }

  private:
    targets::Scratch scratch_;
    targets::Process process_;
};

// A UDP port of this process's own for a server, with a free one behind it.
std::uint16_t server_port();

// Gives leases of 10.0.2.0/24 through a dnsmasq whose DHCP ports are server_port() and the next.
class RelayPort final : public net::DhcpPort {
  public:
    RelayPort();
    ~RelayPort() override;

    std::string_view name() const override { return "net0"; }
    net::MacAddress mac() const override { return {{0x52, 0x54, 0, 0x12, 0x34, 0x56}}; }
    bool link_up() const override { return true; }
    bool needs_broadcast() const override { return false; }
    bool send(net::Ipv4Address source, net::Ipv4Address destination, util::Bytes message) override;
    Received receive() override;
    void probe(net::Ipv4Address, util::Instant) override {}
    std::optional<net::MacAddress> conflict() const override {
        return in_use ? std::optional(net::MacAddress{{2, 0, 0, 0, 0, 9}}) : std::nullopt;
    }
    void configure(const net::DhcpLease&) override {}
    void deconfigure() override {}

    bool in_use = false;
    unsigned sent = 0;

  private:
    int socket_;
    alignas(64) std::byte memory_[4 * net::PacketBuffer::kStride];
    net::PacketPool pool_{memory_};
};

}  // namespace host
