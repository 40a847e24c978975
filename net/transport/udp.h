// UDP (RFC 768): sockets for DHCP, DNS and TFTP. Polled: datagrams wait in the socket until they are asked for.
#pragma once

#include <cstdint>
#include <optional>

#include "net/ip/ipv4_service.h"
#include "net/random.h"
#include "util/list.h"
#include "util/owned.h"

namespace net {

class Icmp;
class Ipv4;
class Stack;
class Udp;

inline constexpr util::Failure kUdpPortInUse{util::code::kNetwork + 4, "the UDP port is in use"};
inline constexpr util::Failure kUdpTooLong{util::code::kNetwork + 5, "the UDP datagram is too long"};

struct UdpDatagram {
    Ipv4Endpoint from;
    Ipv4Address to;  // our address, or the broadcast one it was sent to
    Interface* interface = nullptr;
    Packet payload;
};

class UdpSocket final : public util::ListNode<UdpSocket> {
  public:
    static constexpr std::uint16_t kAnyPort = 0;
    static constexpr std::size_t kDefaultQueue = 8;

    // Port 0: a free one that cannot be guessed. Failure: kUdpPortInUse, kOutOfMemory. The stack must outlive it.
    static util::Result<util::Owned<UdpSocket>> open(Stack& stack, std::uint16_t local_port);
    // Receives only what comes in on one interface, and has precedence there; several interfaces may have a socket with
    // the same port so (DHCP).
    static util::Result<util::Owned<UdpSocket>> open_on(Stack& stack, Interface& interface, std::uint16_t local_port);
    UdpSocket(Udp& udp, Interface* only, std::uint16_t port) : udp_(udp), only_(only), port_(port) {}

    std::uint16_t local_port() const { return port_; }

    // Failure: no route, kUdpTooLong (over kMaximumPayload), kOutOfMemory.
    static constexpr std::size_t kMaximumPayload = PacketBuffer::kCapacity - PacketBuffer::kHeadroom - 8;
    util::Result<void> send(Ipv4Endpoint to, util::Bytes payload);
    // Sends by this interface whatever the routes say, from this source, which may be unspecified: DHCP. Works on an
    // interface that has no configuration; a destination that is not broadcast is taken to be on-link.
    util::Result<void> send_on(Interface& interface, Ipv4Address source, Ipv4Endpoint to, util::Bytes payload);

    // The oldest datagram that waits. More than queue_limit() are not kept: newer ones are dropped and counted.
    std::optional<UdpDatagram> receive();
    bool has_datagram() const { return !queue_.empty(); }
    std::size_t queue_limit() const { return queue_limit_; }
    // How many may wait; a burst that was invited (a TFTP window) must fit. At most a quarter of all packets.
    void set_queue_limit(std::size_t datagrams);

    // True once ICMP said that the port (or host) which was sent to last is unreachable; send() forgets it.
    bool peer_unreachable() const { return peer_unreachable_; }

  private:
    friend class Udp;
    util::Result<void> transmit(const Ipv4Route& route, Ipv4Endpoint to, util::Bytes payload);

    Udp& udp_;
    Interface* only_;  // nullptr: any
    std::uint16_t port_;
    bool peer_unreachable_ = false;
    Ipv4Endpoint peer_;  // sent to last
    std::size_t queue_limit_ = kDefaultQueue;
    PacketQueue queue_;  // each with an Envelope in front
};

// All sockets. Owned by net::Stack.
class Udp final : public Ipv4Protocol {
  public:
    static constexpr std::uint8_t kProtocol = 17;

    Udp(Ipv4& ipv4, Icmp& icmp, Random& random) : ipv4_(ipv4), icmp_(icmp), random_(random) {}

    void receive(Ipv4Datagram&& datagram, util::Instant now) override;
    void error(const Ipv4Error& error, util::Instant now) override;
    bool owns(const Ipv4Error& error) override;
    bool expects(const Ipv4Endpoint& remote, std::uint16_t local_port) override;

  private:
    friend class UdpSocket;
    util::Result<util::Owned<UdpSocket>> open(Interface* only, std::uint16_t port);
    UdpSocket* find(const Interface* interface, std::uint16_t port);
    UdpSocket* find_quoted(const Ipv4Error& error);
    bool is_taken(const Interface* only, std::uint16_t port);
    std::uint16_t choose_port();

    Ipv4& ipv4_;
    Icmp& icmp_;
    Random& random_;
    util::List<UdpSocket> sockets_;
};

}  // namespace net
