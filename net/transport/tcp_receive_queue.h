// What a TCP connection has received: data in order that waits for its reader, and segments that came too early.
//
// Payload stays in the packets it came in. Small segments are copied into the tailroom of the packet before them, so that
// a peer which sends single bytes cannot hold the whole pool: two neighbouring packets always hold more than one packet's
// worth of bytes together.
#pragma once

#include <array>

#include "net/packet.h"
#include "net/wire/tcp.h"

namespace net {

class TcpReceiveQueue {
  public:
    ~TcpReceiveQueue();

    // Bytes in order that wait, and the first contiguous piece of them.
    std::size_t readable() const { return readable_; }
    util::Bytes peek() const;
    void consume(std::size_t count);

    // Takes a segment's payload, which begins at `at`; `next` is the sequence number expected next and is moved on over
    // all that is now in order. At most `limit` early packets are kept. Returns whether anything was new.
    enum class Outcome { Advanced, KeptEarly, Duplicate, NoRoom };
    Outcome insert(Packet&& packet, TcpSequence at, TcpSequence& next, std::size_t early_limit);

    bool has_early() const { return early_head_ != nullptr; }
    std::size_t early_bytes() const { return early_bytes_; }
    // Packets held in all.
    std::size_t packets() const { return in_order_.count() + early_count_; }
    // The ranges that are kept early, the one touched last first (RFC 2018 section 4).
    std::uint8_t sack_blocks(std::array<TcpRange, TcpSegment::kMaximumSackBlocks>& blocks) const;
    void clear();

  private:
    void append(Packet&& packet);
    void take_early(TcpSequence& next);
    void insert_early(Packet&& packet, TcpSequence at);

    PacketQueue in_order_;
    PacketBuffer* tail_ = nullptr;  // last of in_order_
    std::size_t readable_ = 0;
    PacketBuffer* early_head_ = nullptr;  // by rising sequence number, each with its number in front of the payload
    std::size_t early_count_ = 0;
    std::size_t early_bytes_ = 0;
    TcpSequence last_early_;
};

}  // namespace net
