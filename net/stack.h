// The network stack: interfaces, IPv4 and the transports, moved on by one poll. It never calls upward.
//
// One for the machine (or for each end of a test's wire). Drivers' links are added to it; TCP registers itself with
// set_protocol(); UDP sockets are opened on it; whoever sends by IPv4 uses it as an Ipv4Service.
#pragma once

#include "net/ip/interface.h"
#include "net/ip/ipv4.h"
#include "net/ip/ipv4_service.h"
#include "net/random.h"
#include "net/transport/icmp.h"
#include "net/transport/udp.h"
#include "util/loop.h"

namespace net {

class Stack final : public util::Poller, public Ipv4Service {
  public:
    static constexpr std::size_t kMaximumInterfaces = Ipv4::kMaximumInterfaces;

    // Adds itself to the loop. All three must outlive it.
    Stack(util::Loop& loop, PacketPool& packets, Random& random);
    ~Stack() override;

    // Makes the next interface, net0, net1 and so on, closed. The link must outlive the stack. Failure:
    // kTooManyInterfaces, kOutOfMemory.
    util::Result<Interface*> add(Link& link);
    std::size_t interface_count() const { return ipv4_.interfaces().size(); }
    Interface& interface(std::size_t index) { return *ipv4_.interfaces()[index]; }
    // By name, "net0"; nullptr when there is none.
    Interface* find_interface(std::string_view name);

    // Who gets the datagrams of an IP protocol number: 6 for TCP. UDP and ICMP are there already.
    void set_protocol(std::uint8_t number, Ipv4Protocol& protocol) { ipv4_.set_protocol(number, protocol); }
    // Whether a socket or connection of ours waits for what comes from a remote port to a local one.
    bool expects(std::uint8_t protocol, const Ipv4Endpoint& remote, std::uint16_t local_port) {
        Ipv4Protocol* taker = ipv4_.find_protocol(protocol);
        return taker && taker->expects(remote, local_port);
    }
    const Ipv4Statistics& ipv4_statistics() const { return ipv4_.statistics(); }
    Icmp& icmp() { return icmp_; }
    Udp& udp() { return udp_; }
    util::Loop& loop() { return loop_; }
    Random& random() { return random_; }

    util::Result<Ipv4Route> route(Ipv4Address destination) override { return ipv4_.route(destination); }
    void send(const Ipv4Route& route, Ipv4Address destination, std::uint8_t protocol, Packet&& payload) override {
        ipv4_.send(route, destination, protocol, std::move(payload));
    }
    PacketPool& packets() override { return packets_; }

    bool poll(util::Instant now) override;
    util::Instant poll_at() const override;

  private:
    util::Loop& loop_;
    PacketPool& packets_;
    Random& random_;
    Ipv4 ipv4_;
    Icmp icmp_;
    Udp udp_;
};

}  // namespace net
