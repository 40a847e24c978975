#include "net/ip/reassembly.h"

#include <algorithm>
#include <cstring>

namespace net {

Reassembler::Outcome Reassembler::add(const Ipv4Header& header, Packet& fragment, PacketPool& packets,
                                      util::Instant now, bool& evicted) {
    Packet piece = std::move(fragment);
    std::size_t offset = header.fragment_offset();
    evicted = false;

    Partial* partial = find(header);
    if (!partial) {
        partial = &claim(header, now, evicted);
        partial->packet = packets.allocate(kHeadroom);
        if (!partial->packet) {
            partial->used = false;
            return Outcome::NoMemory;
        }
    }
    if (!partial->packet) return Outcome::Incomplete;  // condemned, and counted then
    if (piece.size() == 0 || (header.more_fragments() && piece.size() % kUnit)) return condemn(*partial, Outcome::Broken);
    if (offset > kMaximumPayload || piece.size() > kMaximumPayload - offset)
        return condemn(*partial, Outcome::TooLarge);

    std::size_t end = offset + piece.size();
    if (!header.more_fragments()) {
        if (partial->total && partial->total != end) return condemn(*partial, Outcome::Overlap);
        partial->total = end;
    }
    Outcome outcome = place(*partial, offset, piece.data());
    if (outcome != Outcome::Complete) return outcome;
    fragment = std::move(partial->packet);
    partial->used = false;
    return Outcome::Complete;
}

// Copies a piece to its place. Ends that lie beyond the last fragment's are an overlap as well.
Reassembler::Outcome Reassembler::place(Partial& partial, std::size_t offset, util::Bytes piece) {
    std::size_t end = offset + piece.size();
    std::size_t have = partial.packet.size();  // how far the furthest piece reaches
    if (partial.total && (end > partial.total || have > partial.total)) return condemn(partial, Outcome::Overlap);
    if (end > have) (void)partial.packet.append(end - have);

    std::size_t first = offset / kUnit, last = (end + kUnit - 1) / kUnit;
    std::size_t present = 0;
    for (std::size_t unit = first; unit < last; ++unit) present += partial.units[unit];
    std::byte* target = partial.packet.data().data() + offset;
    if (present) {
        bool repeat = present == last - first && end <= have && std::memcmp(target, piece.data(), piece.size()) == 0;
        return repeat ? Outcome::Incomplete : condemn(partial, Outcome::Overlap);
    }
    for (std::size_t unit = first; unit < last; ++unit) partial.units[unit] = true;
    std::memcpy(target, piece.data(), piece.size());
    partial.received += piece.size();
    return partial.total && partial.received == partial.total ? Outcome::Complete : Outcome::Incomplete;
}

Reassembler::Outcome Reassembler::condemn(Partial& partial, Outcome outcome) {
    partial.packet.drop();
    return outcome;
}

Reassembler::Partial* Reassembler::find(const Ipv4Header& header) {
    for (Partial& partial : partials_) {
        if (partial.used && partial.identification == header.identification && partial.source == header.source &&
            partial.destination == header.destination && partial.protocol == header.protocol)
            return &partial;
    }
    return nullptr;
}

Reassembler::Partial& Reassembler::claim(const Ipv4Header& header, util::Instant now, bool& evicted) {
    Partial& place = *std::min_element(partials_.begin(), partials_.end(), [](const Partial& a, const Partial& b) {
        return a.used != b.used ? !a.used : a.expires < b.expires;
    });
    evicted = place.used && place.packet;
    place.packet.drop();
    place.used = true;
    place.source = header.source;
    place.destination = header.destination;
    place.identification = header.identification;
    place.protocol = header.protocol;
    place.total = place.received = 0;
    place.units.reset();
    place.expires = now + kTimeout;
    return place;
}

unsigned Reassembler::expire(util::Instant now) {
    unsigned given_up = 0;
    for (Partial& partial : partials_) {
        if (!partial.used || now < partial.expires) continue;
        given_up += static_cast<bool>(partial.packet);
        partial.packet.drop();
        partial.used = false;
    }
    return given_up;
}

util::Instant Reassembler::expire_at() const {
    util::Instant at = util::Instant::never();
    for (const Partial& partial : partials_)
        if (partial.used) at = std::min(at, partial.expires);
    return at;
}

}  // namespace net
