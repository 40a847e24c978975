#include "net/ip/arp.h"

#include <algorithm>

namespace net {

const MacAddress* ArpCache::find(Ipv4Address address, util::Instant now, std::optional<Request>& request) {
    Entry* entry = lookup(address);
    if (!entry) {
        entry = &replace(address, now);
        request = Request{address, MacAddress::broadcast()};
    }
    entry->used = now;
    if (entry->state == State::Asking) return nullptr;
    if (entry->state == State::Known && now >= entry->at) [[unlikely]] {
        entry->state = State::Checking;
        entry->tries = 1;
        entry->at = now + kRetryInterval;
        retry_at_ = std::min(retry_at_, entry->at);
        request = Request{address, entry->mac};
    }
    return &entry->mac;
}

bool ArpCache::wait(Ipv4Address address, Packet& packet) {
    Entry* entry = lookup(address);
    if (!entry || entry->state != State::Asking || entry->waiting.count() >= kWaitingPackets) return false;
    entry->waiting.push_back(std::move(packet));
    return true;
}

void ArpCache::learn(Ipv4Address address, const MacAddress& mac, Solicited solicited, PacketQueue& ready,
                     util::Instant now) {
    Entry* entry = lookup(address);
    if (!entry) {
        if (solicited == Solicited::No) return;
        entry = &replace(address, now);
    }
    entry->state = State::Known;
    entry->mac = mac;
    entry->at = now + kTrustTime;
    while (!entry->waiting.empty()) ready.push_back(entry->waiting.pop_front());
}

std::optional<ArpCache::Request> ArpCache::retry(util::Instant now, std::size_t& dropped) {
    dropped = std::exchange(dropped_, 0);
    if (now < retry_at_) return std::nullopt;
    retry_at_ = util::Instant::never();
    for (Entry& entry : entries_) {
        if (entry.state != State::Asking && entry.state != State::Checking) continue;
        if (now >= entry.at) {
            if (entry.tries < kTries) {
                ++entry.tries;
                entry.at = now + kRetryInterval;
                retry_at_ = now;  // the rest of the entries is looked at next time
                return Request{entry.address, entry.state == State::Asking ? MacAddress::broadcast() : entry.mac};
            }
            dropped += entry.waiting.count();
            forget(entry);
            continue;
        }
        retry_at_ = std::min(retry_at_, entry.at);
    }
    return std::nullopt;
}

util::Instant ArpCache::retry_at() const { return retry_at_; }

void ArpCache::clear() {
    for (Entry& entry : entries_) forget(entry);
    retry_at_ = util::Instant::never();
}

std::size_t ArpCache::known() const {
    return static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(), [](const Entry& entry) {
        return entry.state == State::Known || entry.state == State::Checking;
    }));
}

ArpCache::Entry* ArpCache::lookup(Ipv4Address address) {
    if (entries_[last_].address == address && entries_[last_].state != State::Free) [[likely]] return &entries_[last_];
    for (std::size_t i = 0; i < kEntries; ++i) {
        if (entries_[i].state != State::Free && entries_[i].address == address) {
            last_ = i;
            return &entries_[i];
        }
    }
    return nullptr;
}

// A new entry that is being asked for, in a free place or that of the one not used for longest; those that are being
// asked for stay as long as there are others, for packets wait there.
ArpCache::Entry& ArpCache::replace(Ipv4Address address, util::Instant now) {
    auto rank = [](const Entry& entry) {
        return entry.state == State::Free ? 0 : entry.state == State::Asking ? 2 : 1;
    };
    Entry& entry = *std::min_element(entries_.begin(), entries_.end(), [&](const Entry& a, const Entry& b) {
        return rank(a) != rank(b) ? rank(a) < rank(b) : a.used < b.used;
    });
    dropped_ += entry.waiting.count();
    forget(entry);
    entry.state = State::Asking;
    entry.address = address;
    entry.tries = 1;
    entry.used = now;
    entry.at = now + kRetryInterval;
    retry_at_ = std::min(retry_at_, entry.at);
    return entry;
}

void ArpCache::forget(Entry& entry) {
    entry.state = State::Free;
    entry.waiting.clear();
}

}  // namespace net
