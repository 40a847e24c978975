// DhcpPort over a net::Interface: what the DHCP client gets in the firmware. Holds UDP port 68 of that interface.
#pragma once

#include "net/config/dhcp_port.h"
#include "net/stack.h"

namespace net {

class DhcpInterface final : public DhcpPort {
  public:
    // The interface must be the stack's, and both must outlive it.
    DhcpInterface(Stack& stack, Interface& interface) : stack_(stack), interface_(interface) {}

    // Takes the port; without effect when it is taken. Failure: kUdpPortInUse, out of memory.
    util::Result<void> open();
    // Leaves the port to a program that speaks DHCP itself. Nothing is sent nor received until open().
    void close() { socket_.reset(); }
    Interface& interface() { return interface_; }

    std::string_view name() const override { return interface_.name(); }
    MacAddress mac() const override { return interface_.mac(); }
    bool link_up() const override { return interface_.link_up(); }
    bool needs_broadcast() const override { return interface_.config() != nullptr; }
    bool send(Ipv4Address source, Ipv4Address destination, util::Bytes message) override;
    Received receive() override;
    void probe(Ipv4Address address, util::Instant now) override { interface_.start_probe(address, now); }
    std::optional<MacAddress> conflict() const override;
    void configure(const DhcpLease& lease) override;
    void deconfigure() override { interface_.deconfigure(); }

  private:
    Stack& stack_;
    Interface& interface_;
    util::Owned<UdpSocket> socket_;
};

// The lease as the interface takes it.
Ipv4Config to_ipv4_config(const DhcpLease& lease);

}  // namespace net
