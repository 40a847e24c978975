// A network interface: one link with its name, its IPv4 configuration, its neighbours and its counts.
//
// Owned by net::Stack, which polls it. Frames for IPv4 go to Ipv4, ARP is answered here. Everything that reads as
// a story (DHCP, commands) may open, configure and ask at any time.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "net/ip/arp.h"
#include "net/ip/drop.h"
#include "net/link.h"
#include "util/text.h"
#include "util/time.h"

namespace net {

class Ipv4;

inline constexpr util::Failure kMacFixed{util::code::kNetwork + 7, "the MAC address of this network interface cannot be changed"};

// A static route (RFC 3442). An unspecified gateway means that the network is reached directly.
struct Ipv4StaticRoute {
    Ipv4Address network;
    std::uint8_t prefix = 0;  // length in bits, at most 32
    Ipv4Address gateway;
};

struct Ipv4Config {
    static constexpr std::size_t kMaximumRoutes = 16;

    Ipv4Address address;
    Ipv4Address netmask;
    Ipv4Address gateway;      // unspecified: none
    std::uint16_t mtu = 0;    // 0: the link's; never above it
    std::array<Ipv4StaticRoute, kMaximumRoutes> routes;
    std::uint8_t route_count = 0;

    bool is_on_link(Ipv4Address other) const {
        return ((other.value() ^ address.value()) & netmask.value()) == 0;
    }
    Ipv4Address subnet_broadcast() const { return Ipv4Address(address.value() | ~netmask.value()); }
};

struct InterfaceStatistics {
    std::uint32_t received_frames = 0, sent_frames = 0;
    std::uint32_t drops[kDropReasons]{};
};

class Interface {
  public:
    Interface(Link& link, unsigned index, PacketPool& packets);
    Interface(const Interface&) = delete;
    ~Interface() { close(); }

    std::string_view name() const { return name_.view(); }  // "net0"; on a VLAN "net0-100"
    unsigned index() const { return index_; }
    Link& link() { return *link_; }
    // Puts another link in the place of this one, whose address is the same and which is open if and only if it is: one that
    // looks at the frames on their way.
    void replace_link(Link& link) { link_ = &link; }
    MacAddress mac() const { return mac_; }
    // The VLAN it belongs to; nullopt: untagged.
    std::optional<std::uint16_t> vlan_id() const { return vlan_id_; }
    // Makes a VLAN's of it, named after its trunk, with the VLAN's link. It must be closed.
    void join_vlan(Link& link, std::string_view trunk, std::uint16_t id);

    // Failure: the driver's.
    util::Result<void> open();
    // Keeps the configuration for the next open().
    void close();
    bool is_open() const { return open_; }
    // Asks the link; all unknown while closed.
    LinkState link_state();
    bool link_up() { return link_state().up; }

    // Gives the link another address, a unicast one; an interface that is open is closed for it and opened again, and
    // announces its configuration anew. Failure: kMacFixed, the driver's.
    util::Result<void> set_mac(const MacAddress& mac);

    // Puts an address to use and announces it (RFC 5227 section 2.3). Replaces what was configured before.
    void configure(const Ipv4Config& config);
    void deconfigure();
    // nullptr: not configured.
    const Ipv4Config* config() const { return configured_ ? &config_ : nullptr; }
    // Changes routes, gateway or mtu of what is configured without announcing anything.
    void replace_routes(const Ipv4Config& config);
    bool is_on_link(Ipv4Address address) const { return configured_ && config_.is_on_link(address); }
    std::uint16_t mtu() const;

    // Asks by ARP whether somebody else has an address (RFC 5227 section 2.1.1): two probes, kProbeInterval apart.
    // Free means that nobody answered within kProbeWait of the first; a later answer still turns it into Conflict.
    // It is the caller's choice how long to wait; nothing here does. Works with and without a configuration.
    enum class ProbeState : std::uint8_t { None, Probing, Free, Conflict };
    static constexpr util::Duration kProbeInterval = util::Duration::milliseconds(50);
    static constexpr util::Duration kProbeWait = util::Duration::milliseconds(200);
    void start_probe(Ipv4Address address, util::Instant now);
    void end_probe() { probe_state_ = ProbeState::None; }
    ProbeState probe_state() const { return probe_state_; }
    // Who answered the probe; meaningful in ProbeState::Conflict.
    MacAddress probe_answered_by() const { return probe_answer_; }

    // How often, and last by whom, our configured address was seen to be used by another machine (RFC 5227
    // section 2.4). We keep it, for a disk may depend on it, and defend it at most every kDefendInterval.
    unsigned address_conflicts() const { return address_conflicts_; }
    MacAddress address_conflict_with() const { return address_conflict_with_; }

    const ArpCache& neighbours() const { return arp_; }
    const InterfaceStatistics& statistics() const { return statistics_; }
    void count_drop(Drop reason) { ++statistics_.drops[static_cast<std::size_t>(reason)]; }

    // The rest is between Stack, Ipv4 and tests.

    // Handles up to kFramesPerPoll frames, ARP timers and what waits to be sent. True when it did something.
    static constexpr unsigned kFramesPerPoll = 64;
    bool poll(Ipv4& ipv4, util::Instant now);
    util::Instant poll_at() const;
    // Sends an IPv4 packet (header in place) to a neighbour; broadcast and multicast addresses too.
    void send_ipv4(Packet&& packet, Ipv4Address next_hop);
    // As Ipv4 asks: whether an address is a broadcast one here.
    bool is_broadcast(Ipv4Address address) const {
        return address.is_limited_broadcast() || (configured_ && address == config_.subnet_broadcast());
    }

  private:
    static constexpr std::size_t kTransmitQueue = 64;
    static constexpr std::uint8_t kProbes = 2;
    static constexpr util::Duration kLinkCheckInterval = util::Duration::milliseconds(10);
    static constexpr util::Duration kDefendInterval = util::Duration::seconds(10);

    bool is_configured_as(Ipv4Address address) const { return configured_ && address == config_.address; }
    bool check_link(util::Instant now);
    void receive_frame(Ipv4& ipv4, Packet&& frame, util::Instant now);
    void receive_arp(util::Bytes message, util::Instant now);
    void notice_claim(const ArpMessage& message, util::Instant now);
    bool run_probe(util::Instant now);
    void send_arp(const MacAddress& to, const ArpMessage& message);
    void send_request(const ArpCache::Request& request);
    void announce();
    void transmit(Packet&& packet, const MacAddress& to, std::uint16_t type);
    bool flush_transmit_queue();

    Link* link_;  // never null
    PacketPool& packets_;
    unsigned index_;
    util::Text<12> name_;
    std::optional<std::uint16_t> vlan_id_;
    MacAddress mac_;
    bool open_ = false;
    bool configured_ = false;
    bool link_was_up_ = false;
    util::Instant now_;  // of the last poll
    util::Instant next_link_check_;

    Ipv4Config config_;
    PacketQueue transmit_queue_;  // what found the link's ring full

    ProbeState probe_state_ = ProbeState::None;
    std::uint8_t probes_sent_ = 0;
    Ipv4Address probe_address_;
    util::Instant probe_started_;
    MacAddress probe_answer_;
    unsigned address_conflicts_ = 0;
    MacAddress address_conflict_with_;
    util::Instant next_defence_;

    InterfaceStatistics statistics_;
    ArpCache arp_;  // large, so last: code is shorter that reaches the others
};

}  // namespace net
