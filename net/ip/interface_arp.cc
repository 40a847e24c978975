// ARP on an interface: answering, asking, probing for an address and defending it (RFC 826, RFC 5227).
#include <cstring>

#include "net/ip/interface.h"
#include "net/wire/ethernet.h"

namespace net {

void Interface::receive_arp(util::Bytes data, util::Instant now) {
    auto message = parse_arp(data);
    if (!message) return count_drop(Drop::ArpMalformed);
    if (message->sender_mac == mac_) return;  // our own, come back
    notice_claim(*message, now);
    if (!configured_ || message->sender == config_.address) return;

    bool asks_us = message->operation == ArpOperation::Request && message->target == config_.address;
    // A probe has no sender address (RFC 5227 section 1.1): it is answered, and nothing is learnt from it.
    if (!message->sender.is_unspecified()) {
        bool neighbour = config_.is_on_link(message->sender) && !is_broadcast(message->sender);
        PacketQueue ready;
        arp_.learn(message->sender, message->sender_mac,
                   asks_us && neighbour ? ArpCache::Solicited::Yes : ArpCache::Solicited::No, ready, now);
        while (!ready.empty()) transmit(ready.pop_front(), message->sender_mac, ether_type::kIpv4);
    }
    if (asks_us)
        send_arp(message->sender_mac,
                 {ArpOperation::Reply, mac_, config_.address, message->sender_mac, message->sender});
}

// Does another machine use, or is it about to use, an address that we want or have?
void Interface::notice_claim(const ArpMessage& message, util::Instant now) {
    if (probe_state_ != ProbeState::None) {
        bool uses = message.sender == probe_address_;
        bool probes_too = message.sender.is_unspecified() && message.target == probe_address_ &&
                          message.operation == ArpOperation::Request && !is_configured_as(probe_address_);
        if (uses || probes_too) {
            probe_state_ = ProbeState::Conflict;
            probe_answer_ = message.sender_mac;
        }
    }
    if (!is_configured_as(message.sender)) return;
    if (address_conflicts_++ == 0 || message.sender_mac != address_conflict_with_) {
        util::Text<80> line;
        line.text(name()).text(": ").text(to_text(message.sender_mac).view()).text(" also uses our address ");
        std::string_view whole = line.text(to_text(message.sender).view()).view();
        LOG("%v", &whole);
    }
    address_conflict_with_ = message.sender_mac;
    if (now < next_defence_) return;
    next_defence_ = now + kDefendInterval;
    announce();
}

void Interface::start_probe(Ipv4Address address, util::Instant now) {
    probe_address_ = address;
    probe_started_ = now;
    probes_sent_ = 0;
    probe_state_ = ProbeState::Probing;
    run_probe(now);
}

bool Interface::run_probe(util::Instant now) {
    if (probes_sent_ < kProbes) {
        if (now < probe_started_ + kProbeInterval * probes_sent_) return false;
        ++probes_sent_;
        send_arp(MacAddress::broadcast(), {ArpOperation::Request, mac_, {}, {}, probe_address_});
        return true;
    }
    if (now < probe_started_ + kProbeWait) return false;
    probe_state_ = ProbeState::Free;
    return true;
}

// RFC 5227 section 2.3: a request for our own address, which nobody needs to answer.
void Interface::announce() {
    send_arp(MacAddress::broadcast(), {ArpOperation::Request, mac_, config_.address, {}, config_.address});
}

void Interface::send_request(const ArpCache::Request& request) {
    send_arp(request.to, {ArpOperation::Request, mac_, configured_ ? config_.address : Ipv4Address(), {}, request.address});
}

void Interface::send_arp(const MacAddress& to, const ArpMessage& message) {
    if (!open_) return;
    Packet packet = packets_.allocate();
    if (!packet) return count_drop(Drop::NoMemory);
    ArpHeader header = make_arp(message);
    std::memcpy(packet.append(sizeof header).data(), &header, sizeof header);
    transmit(std::move(packet), to, ether_type::kArp);
}

}  // namespace net
