// IPv4 (RFC 791, RFC 1122 section 3): headers checked and made, fragments, routes, and whom a datagram goes to.
//
// Owned by net::Stack. Interfaces hand it what they receive; ICMP, UDP and TCP send by it. As RFC 1122 has it for a host
// it forwards nothing, and takes a datagram only by the interface that has the address (the strong model).
#pragma once

#include <array>
#include <span>

#include "net/ip/interface.h"
#include "net/ip/ipv4_service.h"
#include "net/ip/path_mtu.h"
#include "net/ip/reassembly.h"
#include "net/random.h"
#include "net/wire/ipv4.h"
#include "util/owned.h"

namespace net {

inline constexpr util::Failure kNoInterface{util::code::kNetwork + 1, "no network interface is open and has an address"};
inline constexpr util::Failure kNoRoute{util::code::kNetwork + 2, "no route leads to that address"};
inline constexpr util::Failure kBadDestination{util::code::kNetwork + 3, "that is no address to send to"};
inline constexpr util::Failure kTooManyInterfaces{util::code::kNetwork + 6, "there are too many network interfaces"};

// What went through, for `ipstat`, by the names of RFC 4293. What was dropped is counted by interface and reason (drop.h).
struct Ipv4Statistics {
    std::uint32_t in_receives, in_octets, in_delivers, reassembly_requests, reassembled;
    std::uint32_t out_requests, out_no_routes, out_transmits, out_octets;
};
// Does nothing in images that have nobody who would ask (ipv4_count.cc).
void count(std::uint32_t& counter, std::size_t amount = 1);

class Ipv4 final : public Ipv4Service {
  public:
    static constexpr std::size_t kMaximumInterfaces = 16;  // VLANs are such, too
    static constexpr std::size_t kMaximumProtocols = 4;

    Ipv4(PacketPool& packets, Random& random)
        : packets_(packets), next_identification_(static_cast<std::uint16_t>(random.u32())) {}

    std::span<const util::Owned<Interface>> interfaces() const { return {interfaces_.data(), interface_count_}; }
    util::Result<Interface*> add(Link& link);
    void set_protocol(std::uint8_t number, Ipv4Protocol& protocol);
    Ipv4Protocol* find_protocol(std::uint8_t number);  // nullptr: nobody's

    // Failure: kNoInterface, kNoRoute, kBadDestination. The longest prefix wins, and among equals an interface whose
    // link is up, and then the first.
    util::Result<Ipv4Route> route(Ipv4Address destination) override;
    // The route by a given interface and source, which need not be configured.
    Ipv4Route route_by(Interface& interface, Ipv4Address source, Ipv4Address destination);
    void send(const Ipv4Route& route, Ipv4Address destination, std::uint8_t protocol, Packet&& payload) override;
    PacketPool& packets() override { return packets_; }
    const Ipv4Statistics& statistics() const { return statistics_; }

    // A frame's payload, from Interface. Takes care that everything is as it should be, or counts why not.
    enum class SentTo : std::uint8_t { Us, Everybody };
    void receive(Interface& interface, Packet&& packet, SentTo sent_to, util::Instant now);
    // What ICMP quotes of one of our datagrams, from Icmp: lowers the path MTU and tells the protocol.
    enum class Quoted : std::uint8_t { Ours, NotOurs };
    Quoted deliver_error(std::uint8_t protocol, const Ipv4Error& error, std::uint16_t sent_size, util::Instant now);

    bool poll(util::Instant now);
    util::Instant poll_at() const;

  private:
    struct Taker {
        std::uint8_t number = 0;
        Ipv4Protocol* protocol = nullptr;
    };
    void send_fragments(const Ipv4Route& route, Ipv4Header header, Packet&& payload);
    void send_one(const Ipv4Route& route, Ipv4Header& header, Packet&& payload);
    void reassemble(Interface& interface, const Ipv4Header& header, Packet&& packet, SentTo sent_to, util::Instant now);
    void deliver(Interface& interface, const Ipv4Header& header, Packet&& packet, SentTo sent_to, util::Instant now);

    PacketPool& packets_;
    std::array<util::Owned<Interface>, kMaximumInterfaces> interfaces_;
    std::size_t interface_count_ = 0;
    std::array<Taker, kMaximumProtocols> takers_{};
    std::uint16_t next_identification_;
    util::Instant now_;  // of the last poll
    Reassembler reassembler_;
    PathMtuCache path_mtus_;
    Ipv4Statistics statistics_{};
};

}  // namespace net
