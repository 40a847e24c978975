// What ICMP has taught about the largest packet that reaches a destination (RFC 1191): a small cache that forgets.
#pragma once

#include <array>
#include <cstdint>

#include "net/address.h"
#include "util/time.h"

namespace net {

class PathMtuCache {
  public:
    // Less is not believed: a forged message must not make us send crumbs. Every real path does more.
    static constexpr std::uint16_t kMinimum = 552;
    // After this long a larger one is tried again (RFC 1191 section 6.3).
    static constexpr util::Duration kLifetime = util::Duration::seconds(600);

    // What to use for a destination, at most limit.
    std::uint16_t find(Ipv4Address destination, std::uint16_t limit, util::Instant now) const;
    // next_hop_mtu 0: the router did not say; then the next lower plateau of RFC 1191 section 7.1 below sent_size,
    // the size of the packet that did not fit.
    void learn(Ipv4Address destination, std::uint16_t next_hop_mtu, std::uint16_t sent_size, util::Instant now);

  private:
    struct Entry {
        Ipv4Address destination;
        std::uint16_t mtu = 0;  // 0: unused
        util::Instant expires;
    };
    std::array<Entry, 8> entries_;
};

}  // namespace net
