// The neighbours of one interface (RFC 826, RFC 1122 section 2.3.2): a cache of fixed size, with the packets that wait
// for an answer. Sends nothing by itself: it says what to ask, and Interface asks.
//
// It learns from answers to what it asked and from requests that are for us, so that a flood of unasked messages cannot
// fill it; any message may update an entry that is there, for this is how an address that moved to another machine
// announces itself.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "net/packet.h"
#include "net/wire/arp.h"
#include "util/time.h"

namespace net {

class ArpCache {
  public:
    static constexpr std::size_t kEntries = 16;
    static constexpr std::size_t kWaitingPackets = 8;  // for each neighbour that has not answered yet
    static constexpr unsigned kTries = 4;
    static constexpr util::Duration kRetryInterval = util::Duration::milliseconds(500);
    // An entry in use is checked by a unicast request after this time, and forgotten when that is not answered.
    static constexpr util::Duration kTrustTime = util::Duration::seconds(60);

    // Whom to ask: everybody while the neighbour is unknown, else only itself.
    struct Request {
        Ipv4Address address;
        MacAddress to;
    };

    // Its MAC; nullptr when not known. Then, and now and then when it is known, request is what must be asked.
    const MacAddress* find(Ipv4Address address, util::Instant now, std::optional<Request>& request);
    // Keeps a packet until find() would succeed. False, with the packet untouched: no such entry, or no room.
    // Precondition: find() returned nullptr.
    bool wait(Ipv4Address address, Packet& packet);

    enum class Solicited : std::uint8_t { No, Yes };
    // Takes a sender's addresses. Packets that waited for it are appended to ready.
    void learn(Ipv4Address address, const MacAddress& mac, Solicited solicited, PacketQueue& ready, util::Instant now);

    // The next request that is due, if any. Counts packets that are given up in dropped.
    std::optional<Request> retry(util::Instant now, std::size_t& dropped);
    util::Instant retry_at() const;
    void clear();

    // For `nstat`. Without a MAC it is still being asked for.
    struct Neighbour {
        Ipv4Address address;
        std::optional<MacAddress> mac;
    };
    // By its place, below kEntries; nullopt: nobody is there.
    std::optional<Neighbour> neighbour(std::size_t place) const {
        const Entry& entry = entries_[place];
        if (entry.state == State::Free) return std::nullopt;
        return Neighbour{entry.address, entry.state == State::Asking ? std::nullopt : std::optional(entry.mac)};
    }
    // For tests: the entries that have a MAC.
    std::size_t known() const;

  private:
    enum class State : std::uint8_t { Free, Asking, Known, Checking };
    struct Entry {
        State state = State::Free;
        std::uint8_t tries = 0;
        Ipv4Address address;
        MacAddress mac;
        util::Instant at;    // Asking, Checking: of the next request; Known: until when it is trusted
        util::Instant used;  // for replacing the one that was not used for longest
        PacketQueue waiting;
    };
    Entry* lookup(Ipv4Address address);
    Entry& replace(Ipv4Address address, util::Instant now);
    static void forget(Entry& entry);

    std::array<Entry, kEntries> entries_;
    std::size_t last_ = 0;  // where the last lookup ended: nearly always the next one's too
    std::size_t dropped_ = 0;
    util::Instant retry_at_ = util::Instant::never();
};

}  // namespace net
