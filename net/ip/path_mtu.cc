#include "net/ip/path_mtu.h"

#include <algorithm>

namespace net {
namespace {

// RFC 1191 section 7.1, those that Ethernet can meet.
constexpr std::uint16_t kPlateaus[] = {1492, 1006, PathMtuCache::kMinimum};

std::uint16_t next_plateau_below(std::uint16_t size) {
    for (std::uint16_t plateau : kPlateaus)
        if (plateau < size) return plateau;
    return PathMtuCache::kMinimum;
}

}  // namespace

std::uint16_t PathMtuCache::find(Ipv4Address destination, std::uint16_t limit, util::Instant now) const {
    for (const Entry& entry : entries_)
        if (entry.mtu && entry.destination == destination && now < entry.expires) return std::min(entry.mtu, limit);
    return limit;
}

void PathMtuCache::learn(Ipv4Address destination, std::uint16_t next_hop_mtu, std::uint16_t sent_size,
                         util::Instant now) {
    std::uint16_t mtu = next_hop_mtu ? next_hop_mtu : next_plateau_below(sent_size);
    mtu = std::max(mtu, kMinimum);
    if (mtu >= sent_size) return;  // then it would have fit
    Entry* place = &entries_[0];
    for (Entry& entry : entries_) {
        if (entry.mtu && entry.destination == destination) {
            place = &entry;
            if (now < entry.expires) mtu = std::min(mtu, entry.mtu);
            break;
        }
        if (entry.expires < place->expires) place = &entry;
    }
    *place = {destination, mtu, now + kLifetime};
}

}  // namespace net
