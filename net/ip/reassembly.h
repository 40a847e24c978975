// Puts fragmented IPv4 datagrams together (RFC 791 section 3.2, RFC 815 in spirit): few at a time, each into one packet.
//
// A datagram must fit into one packet buffer: kMaximumPayload bytes behind the IPv4 header, more than the 1500-byte
// datagrams that a path with a smaller MTU cuts up. Larger ones are dropped. Fragments that overlap with different
// content are an attack (RFC 5722): the datagram is dropped with all that still comes of it; exact repeats are ignored.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>

#include "net/packet.h"
#include "net/wire/ipv4.h"
#include "util/time.h"

namespace net {

class Reassembler {
  public:
    static constexpr std::size_t kDatagrams = 4;
    static constexpr std::size_t kHeadroom = 64;  // room for the headers of an echo reply
    static constexpr std::size_t kMaximumPayload = PacketBuffer::kCapacity - kHeadroom;
    static constexpr util::Duration kTimeout = util::Duration::seconds(15);  // RFC 791 section 3.2

    enum class Outcome : std::uint8_t { Incomplete, Complete, Overlap, TooLarge, NoMemory, Broken };

    // Takes a fragment: its header, and the payload behind it. When Complete, fragment is replaced by the payload of
    // the whole datagram; otherwise it is dropped. evicted says that an older datagram was given up for it.
    Outcome add(const Ipv4Header& header, Packet& fragment, PacketPool& packets, util::Instant now, bool& evicted);
    // Gives up what has waited too long; returns how many datagrams.
    unsigned expire(util::Instant now);
    util::Instant expire_at() const;

  private:
    static constexpr std::size_t kUnit = 8;  // of fragment offsets, bytes
    static constexpr std::size_t kUnits = kMaximumPayload / kUnit;

    struct Partial {
        bool used = false;
        Ipv4Address source, destination;
        std::uint16_t identification = 0;
        std::uint8_t protocol = 0;
        Packet packet;  // null: the datagram is condemned, and this entry swallows the rest of it
        std::size_t total = 0;  // payload size, once the last fragment is there
        std::size_t received = 0;  // bytes
        std::bitset<kUnits> units;
        util::Instant expires;
    };
    Partial* find(const Ipv4Header& header);
    Partial& claim(const Ipv4Header& header, util::Instant now, bool& evicted);
    static Outcome condemn(Partial& partial, Outcome outcome);
    static Outcome place(Partial& partial, std::size_t offset, util::Bytes piece);

    std::array<Partial, kDatagrams> partials_;
};

}  // namespace net
