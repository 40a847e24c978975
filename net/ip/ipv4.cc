#include "net/ip/ipv4.h"

#include <algorithm>

namespace net {

util::Result<Interface*> Ipv4::add(Link& link) {
    if (interface_count_ == kMaximumInterfaces) return kTooManyInterfaces;
    auto& place = interfaces_[interface_count_];
    place = TRY(util::make_owned<Interface>(link, static_cast<unsigned>(interface_count_), packets_));
    ++interface_count_;
    return place.get();
}

void Ipv4::set_protocol(std::uint8_t number, Ipv4Protocol& protocol) {
    for (Taker& taker : takers_) {
        if (taker.protocol && taker.number != number) continue;
        taker = {number, &protocol};
        return;
    }
    ASSERT(!"a place for every protocol");
}

Ipv4Protocol* Ipv4::find_protocol(std::uint8_t number) {
    for (const Taker& taker : takers_)
        if (taker.number == number) return taker.protocol;
    return nullptr;
}

bool Ipv4::poll(util::Instant now) {
    now_ = now;
    bool progress = false;
    for (const auto& interface : interfaces()) progress |= interface->poll(*this, now);
    if (now >= reassembler_.expire_at()) {
        // Which interface they came by is not kept: they count on the first.
        for (unsigned given_up = reassembler_.expire(now); given_up; --given_up)
            interfaces_[0]->count_drop(Drop::FragmentsIncomplete);
    }
    return progress;
}

util::Instant Ipv4::poll_at() const {
    util::Instant at = reassembler_.expire_at();
    for (const auto& interface : interfaces()) at = std::min(at, interface->poll_at());
    return at;
}

namespace {

// RFC 1122 section 3.2.1.3: what can never be a source. Class E (240.0.0.0/4) is no unicast address either.
bool is_impossible_source(Ipv4Address source) {
    return source.value() >> 29 == 7 || source.is_loopback() || source.value() >> 24 == 0;
}

}  // namespace

void Ipv4::receive(Interface& interface, Packet&& packet, SentTo sent_to, util::Instant now) {
    count(statistics_.in_receives);
    count(statistics_.in_octets, packet.size());
    auto error = check_ipv4_header(packet.data(), packet.buffer().checksum);
    if (error != Ipv4HeaderError::None) [[unlikely]] {
        bool broken = error == Ipv4HeaderError::Broken;
        return interface.count_drop(broken ? Drop::IpHeaderBroken : Drop::IpHeaderChecksum);
    }
    const Ipv4Header& header = *util::view_as<Ipv4Header>(util::Bytes(packet.data()));
    const Ipv4Config* config = interface.config();
    if (is_impossible_source(header.source) || interface.is_broadcast(header.source) ||
        (config && header.source == config->address)) [[unlikely]]
        return interface.count_drop(Drop::IpSourceImpossible);
    if (!config || header.destination != config->address) {
        if (interface.is_broadcast(header.destination))
            sent_to = SentTo::Everybody;
        // A DHCP server sends to the address that it offers, which we do not have yet (RFC 2131 section 4.1).
        else if (config || sent_to == SentTo::Everybody || header.protocol != ip_protocol::kUdp)
            return interface.count_drop(Drop::IpForOthers);
    }
    packet.trim_to(header.total_length);  // Ethernet's padding
    packet.pull(header.header_size());    // the header stays readable in the headroom
    if (header.is_fragment()) [[unlikely]]
        return reassemble(interface, header, std::move(packet), sent_to, now);
    deliver(interface, header, std::move(packet), sent_to, now);
}

void Ipv4::reassemble(Interface& interface, const Ipv4Header& in_packet, Packet&& packet, SentTo sent_to,
                      util::Instant now) {
    Ipv4Header header = in_packet;  // outlives the packet
    count(statistics_.reassembly_requests);
    bool evicted = false;
    auto outcome = reassembler_.add(header, packet, packets_, now, evicted);
    if (evicted) interface.count_drop(Drop::FragmentsIncomplete);
    switch (outcome) {
        case Reassembler::Outcome::Complete: count(statistics_.reassembled); return deliver(interface, header, std::move(packet), sent_to, now);
        case Reassembler::Outcome::Incomplete: return;
        case Reassembler::Outcome::Overlap: return interface.count_drop(Drop::FragmentsOverlap);
        case Reassembler::Outcome::TooLarge: return interface.count_drop(Drop::FragmentsTooLarge);
        case Reassembler::Outcome::NoMemory: return interface.count_drop(Drop::NoMemory);
        case Reassembler::Outcome::Broken: return interface.count_drop(Drop::IpHeaderBroken);
    }
}

void Ipv4::deliver(Interface& interface, const Ipv4Header& header, Packet&& packet, SentTo sent_to, util::Instant now) {
    Ipv4Protocol* protocol = find_protocol(header.protocol);
    if (!protocol) return interface.count_drop(Drop::IpProtocolUnknown);
    count(statistics_.in_delivers);
    protocol->receive(
        {&interface, header.source, header.destination, sent_to == SentTo::Everybody, std::move(packet)}, now);
}

Ipv4::Quoted Ipv4::deliver_error(std::uint8_t number, const Ipv4Error& error, std::uint16_t sent_size,
                                 util::Instant now) {
    Ipv4Protocol* protocol = find_protocol(number);
    if (!protocol || !protocol->owns(error)) return Quoted::NotOurs;
    Ipv4Error told = error;
    if (error.kind == Ipv4Error::Kind::FragmentationNeeded) {
        path_mtus_.learn(error.destination, error.next_hop_mtu, sent_size, now);
        told.next_hop_mtu = path_mtus_.find(error.destination, sent_size, now);
        if (told.next_hop_mtu == sent_size) return Quoted::NotOurs;  // says nothing new that could be true
    }
    protocol->error(told, now);
    return Quoted::Ours;
}

}  // namespace net
