#include "tests/host/virtual_wire.h"

#include <algorithm>
#include <cstring>

#include "net/checksum.h"
#include "net/wire/ethernet.h"
#include "net/wire/ipv4.h"

namespace host {
namespace {

// Preamble, FCS and gap, and the least that is on a wire (IEEE 802.3).
constexpr std::size_t kFrameOverhead = 24;
constexpr std::size_t kShortestFrame = 60;

// What a NIC with receive checksums looks at: unfragmented TCP and UDP over IPv4.
bool checksums_are_right(util::Bytes frame) {
    const auto* ethernet = util::view_as<net::EthernetHeader>(frame);
    if (!ethernet || ethernet->type != net::ether_type::kIpv4) return false;
    util::Bytes packet = frame.subspan(sizeof *ethernet);
    if (net::check_ipv4_header(packet, net::Checksum::Unknown) != net::Ipv4HeaderError::None) return false;
    const auto& header = *util::view_as<net::Ipv4Header>(packet);
    if (header.is_fragment() || (header.protocol != 6 && header.protocol != 17)) return false;
    util::Bytes transport = packet.first(header.total_length).subspan(header.header_size());
    std::uint32_t sum = net::checksum_add_pseudo_header(0, header.source, header.destination, header.protocol,
                                                        static_cast<std::uint16_t>(transport.size()));
    return net::checksum_field(net::checksum_add(sum, transport)) == 0;
}

}  // namespace

WireEnd::WireEnd(VirtualWire& wire, net::PacketPool& packets, unsigned number)
    : wire_(wire), packets_(packets), address_{{0x52, 0x54, 0, 0, 0, static_cast<std::uint8_t>(number)}} {}

util::Result<void> WireEnd::open() {
    open_ = true;
    return {};
}

void WireEnd::close() {
    open_ = false;
    received_.clear();
}

net::LinkState WireEnd::state() {
    if (!open_ || !up_) return {};
    return {true, static_cast<std::uint32_t>(wire_.bits_per_second_ / 1000000), net::Duplex::Full};
}

void WireEnd::set_up(bool up) { up_ = up; }

bool WireEnd::transmit(net::Packet& packet) {
    util::Instant now = wire_.loop_.now();
    forget_what_left(now);
    if (sending_.size() >= kTransmitRing) return false;
    net::Packet taken = std::move(packet);
    ASSERT(offload_ || taken.buffer().checksum != net::Checksum::Offload);
    net::complete_checksum(taken);
    Frame frame(taken.data().begin(), taken.data().end());
    const auto& header = *util::view_as<net::EthernetHeader>(util::Bytes(frame));
    std::size_t tag = header.type == net::ether_type::kVlan ? sizeof(net::VlanTag) : 0;
    ASSERT(frame.size() <= mtu_ + sizeof(net::EthernetHeader) + tag);
    wire_.send(*this, std::move(frame));
    return true;
}

void WireEnd::forget_what_left(util::Instant now) {
    while (!sending_.empty() && sending_.front() <= now) sending_.pop_front();
}

void WireEnd::inject(util::Bytes frame) {
    if (received_.size() >= receive_ring_)
        ++overruns_;
    else
        received_.emplace_back(frame.begin(), frame.end());
}

net::Packet WireEnd::receive() {
    if (received_.empty()) return {};
    net::Packet packet = packets_.allocate(0);
    if (!packet) return {};
    const Frame& frame = received_.front();
    util::MutableBytes room = packet.append(frame.size());
    if (!frame.empty() && room.empty()) {
        received_.pop_front();  // too large for a NIC
        return {};
    }
    std::copy(frame.begin(), frame.end(), room.begin());
    if (offload_ && checksums_are_right(frame)) packet.buffer().checksum = net::Checksum::Verified;
    received_.pop_front();
    return packet;
}

WireEnd& VirtualWire::add_end(net::PacketPool& packets) {
    ends_.push_back(std::make_unique<WireEnd>(*this, packets, static_cast<unsigned>(ends_.size() + 1)));
    return *ends_.back();
}

bool VirtualWire::capture_to(const std::string& path) {
    capture_ = std::make_unique<Pcap>(path);
    return capture_->is_open();
}

void VirtualWire::send(WireEnd& from, Frame frame) {
    util::Instant now = loop_.now();
    util::Instant begin = from.sending_.empty() ? now : std::max(now, from.sending_.back());
    std::size_t bits = (std::max(frame.size(), kShortestFrame) + kFrameOverhead) * 8;
    util::Instant left = begin;
    if (bits_per_second_)
        left = begin + util::Duration::microseconds(static_cast<std::int64_t>(bits * 1000000 / bits_per_second_));
    if (left > now) from.sending_.push_back(left);
    ++frames_sent_;
    if (!from.up_ || (filter_ && !filter_(from, frame))) {
        ++frames_lost_;
        return;
    }
    if (capture_) capture_->write(now, frame);
    for (auto& end : ends_)
        if (end.get() != &from) deliver_later(*end, frame, left + delay_);
}

void VirtualWire::deliver_later(WireEnd& to, Frame frame, util::Instant at) {
    if (happens(faults_.loss)) {
        ++frames_lost_;
        return;
    }
    if (happens(faults_.duplication)) in_flight_.emplace(at, Delivery{&to, frame});
    if (happens(faults_.corruption)) frame[random_() % frame.size()] ^= std::byte{1} << random_() % 8;
    if (happens(faults_.reordering)) at = at + faults_.reorder_delay;
    in_flight_.emplace(at, Delivery{&to, std::move(frame)});
}

bool VirtualWire::poll(util::Instant now) {
    bool progress = false;
    for (auto& end : ends_) end->forget_what_left(now);
    while (!in_flight_.empty() && in_flight_.begin()->first <= now) {
        Delivery delivery = std::move(in_flight_.begin()->second);
        in_flight_.erase(in_flight_.begin());
        progress = true;
        if (delivery.to->open_ && delivery.to->up_)
            delivery.to->inject(delivery.frame);
        else
            ++frames_lost_;
    }
    return progress;
}

util::Instant VirtualWire::poll_at() const {
    util::Instant at = in_flight_.empty() ? util::Instant::never() : in_flight_.begin()->first;
    // A stack that found a transmit ring full waits for room in it.
    for (const auto& end : ends_)
        if (end->sending_.size() >= WireEnd::kTransmitRing) at = std::min(at, end->sending_.front());
    return at;
}

}  // namespace host
