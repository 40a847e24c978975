#include "net/ip/interface.h"

#include <algorithm>
#include <cstring>

#include "net/checksum.h"
#include "net/ip/ipv4.h"
#include "net/wire/ethernet.h"

namespace net {

// A smaller one is an error of whoever configured it: RFC 791 section 3.2 wants 68 of every link.
static constexpr std::uint16_t kSmallestMtu = 68;

Interface::Interface(Link& link, unsigned index, PacketPool& packets)
    : link_(&link), packets_(packets), index_(index), mac_(link.address()) {
    name_.format("net%u", index);
}

void Interface::join_vlan(Link& link, std::string_view trunk, std::uint16_t id) {
    ASSERT(!open_);
    link_ = &link;
    mac_ = link.address();
    vlan_id_ = id;
    name_.clear();
    name_.format("%v-%u", &trunk, id);
}

util::Result<void> Interface::open() {
    if (open_) return {};
    TRY(link_->open());
    open_ = true;
    mac_ = link_->address();
    link_was_up_ = link_->state().up;
    if (configured_) announce();
    return {};
}

void Interface::close() {
    if (!open_) return;
    open_ = false;
    arp_.clear();
    transmit_queue_.clear();
    probe_state_ = ProbeState::None;
    link_->close();
}

util::Result<void> Interface::set_mac(const MacAddress& mac) {
    if (mac == link_->address()) return {};
    if (!link_->set_address(mac)) return kMacFixed;
    mac_ = mac;
    if (!open_) return {};
    close();
    return open();
}

LinkState Interface::link_state() { return open_ ? link_->state() : LinkState{}; }

void Interface::configure(const Ipv4Config& config) {
    if (!configured_ || config_.address != config.address) address_conflicts_ = 0;
    config_ = config;
    configured_ = true;
    arp_.clear();
    announce();
}

void Interface::deconfigure() {
    configured_ = false;
    arp_.clear();
}

void Interface::replace_routes(const Ipv4Config& config) {
    config_.gateway = config.gateway;
    config_.routes = config.routes;
    config_.route_count = config.route_count;
    config_.mtu = config.mtu;
}

std::uint16_t Interface::mtu() const {
    std::uint16_t largest = link_->mtu();
    return configured_ && config_.mtu >= kSmallestMtu ? std::min(config_.mtu, largest) : largest;
}

bool Interface::poll(Ipv4& ipv4, util::Instant now) {
    if (!open_) return false;
    now_ = now;
    bool progress = check_link(now);
    for (unsigned i = 0; i < kFramesPerPoll; ++i) {
        Packet frame = link_->receive();
        if (!frame) break;
        progress = true;
        receive_frame(ipv4, std::move(frame), now);
    }
    if (!transmit_queue_.empty()) progress |= flush_transmit_queue();
    if (now >= arp_.retry_at()) {
        std::size_t dropped = 0;
        if (auto request = arp_.retry(now, dropped)) send_request(*request);
        statistics_.drops[static_cast<std::size_t>(Drop::NeighbourSilent)] += static_cast<std::uint32_t>(dropped);
        progress = true;
    }
    if (probe_state_ == ProbeState::Probing) progress |= run_probe(now);
    return progress;
}

util::Instant Interface::poll_at() const {
    if (!open_) return util::Instant::never();
    util::Instant at = arp_.retry_at();
    if (probe_state_ == ProbeState::Probing)
        at = std::min(at, probe_started_ + (probes_sent_ < kProbes ? kProbeInterval * probes_sent_ : kProbeWait));
    return at;
}

// The link is asked now and then only: on real hardware that is a slow read.
bool Interface::check_link(util::Instant now) {
    if (now < next_link_check_) return false;
    next_link_check_ = now + kLinkCheckInterval;
    LinkState state = link_->state();
    if (state.up == link_was_up_) return false;
    link_was_up_ = state.up;
    std::string_view object = name();
    if (!state.up) {
        LOG("%v: link down", &object);
        transmit_queue_.clear();
        return true;
    }
    if (state.megabits)
        LOG("%v: link up, %u Mbit/s", &object, state.megabits);
    else
        LOG("%v: link up", &object);
    if (configured_) announce();  // it may be another switch, or another port of it
    return true;
}

void Interface::receive_frame(Ipv4& ipv4, Packet&& frame, util::Instant now) {
    ++statistics_.received_frames;
    util::Bytes front = frame.pull(sizeof(EthernetHeader));
    if (front.empty()) return count_drop(Drop::FrameTooShort);
    const EthernetHeader& header = *util::view_as<EthernetHeader>(front);

    auto sent_to = Ipv4::SentTo::Us;
    if (header.destination != mac_) {
        // No multicast group is ever joined.
        if (header.destination != MacAddress::broadcast()) return count_drop(Drop::FrameForOthers);
        sent_to = Ipv4::SentTo::Everybody;
    }
    std::uint16_t type = header.type;
    if (type == ether_type::kVlan) {
        util::Bytes tag_bytes = frame.pull(sizeof(VlanTag));
        if (tag_bytes.empty()) return count_drop(Drop::FrameTooShort);
        const VlanTag& tag = *util::view_as<VlanTag>(tag_bytes);
        // Id 0 only says what priority an untagged frame has (IEEE 802.1Q section 9.6).
        if (tag.control & VlanTag::kIdMask) return count_drop(Drop::FrameOfOtherVlan);
        type = tag.type;
    }
    if (type == ether_type::kIpv4) return ipv4.receive(*this, std::move(frame), sent_to, now);
    if (type == ether_type::kArp) return receive_arp(frame.data(), now);
    count_drop(Drop::FrameOfUnknownType);
}

void Interface::send_ipv4(Packet&& packet, Ipv4Address next_hop) {
    if (!open_) return count_drop(Drop::LinkClosed);
    if (is_broadcast(next_hop)) return transmit(std::move(packet), MacAddress::broadcast(), ether_type::kIpv4);
    if (next_hop.is_multicast()) {  // RFC 1112 section 6.4
        std::uint32_t group = next_hop.value();
        auto octet = [group](unsigned shift) { return static_cast<std::uint8_t>(group >> shift); };
        MacAddress to{{0x01, 0x00, 0x5e, static_cast<std::uint8_t>(octet(16) & 0x7f), octet(8), octet(0)}};
        return transmit(std::move(packet), to, ether_type::kIpv4);
    }
    std::optional<ArpCache::Request> request;
    const MacAddress* mac = arp_.find(next_hop, now_, request);
    if (mac) [[likely]]
        transmit(std::move(packet), *mac, ether_type::kIpv4);
    else if (!arp_.wait(next_hop, packet))
        count_drop(Drop::NeighbourSilent);
    if (request) send_request(*request);
}

void Interface::transmit(Packet&& packet, const MacAddress& to, std::uint16_t type) {
    if (packet.buffer().checksum == Checksum::Offload) {
        if (link_->checksum_offload() || packet.buffer().segment_size)
            packet.buffer().checksum_start += sizeof(EthernetHeader);
        else
            complete_checksum(packet);
    }
    auto* header = util::view_as<EthernetHeader>(packet.push(sizeof(EthernetHeader)));
    if (!header) return count_drop(Drop::NoMemory);
    header->destination = to;
    header->source = mac_;
    header->type = type;
    // What already waits for room in the link's ring goes first.
    if (!transmit_queue_.empty() || !link_->transmit(packet)) {
        if (transmit_queue_.count() >= kTransmitQueue) return count_drop(Drop::TransmitQueueFull);
        transmit_queue_.push_back(std::move(packet));
    }
    ++statistics_.sent_frames;
}

bool Interface::flush_transmit_queue() {
    bool progress = false;
    while (!transmit_queue_.empty()) {
        Packet packet = transmit_queue_.pop_front();
        if (!link_->transmit(packet)) {
            transmit_queue_.push_front(std::move(packet));
            break;
        }
        progress = true;
    }
    return progress;
}

}  // namespace net
