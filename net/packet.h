// Packets: one owner, one contiguous buffer with headroom, from a fixed pool. No counts, and no chains but one: what a
// link cuts into segments by itself (Link::segmentation_limit).
//
// A Packet is a move-only handle; dropping it returns the buffer to its pool. Layers strip headers with pull()
// on the way in and add them with push() on the way out; both are checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "util/bytes.h"

namespace net {

class PacketPool;

// What is known or wanted of the checksums in a packet.
enum class Checksum : std::uint8_t {
    Unknown,   // received: not looked at; to send: complete
    Verified,  // received: the NIC found IP and TCP/UDP checksums right
    Offload,   // to send: the NIC shall complete it (pseudo-header sum is in place)
};

struct PacketBuffer {
    static constexpr std::size_t kStride = 2048 + 64;
    static constexpr std::size_t kCapacity = 2048;
    // Room in front for Ethernet with a VLAN tag, IPv4 and TCP with options, rounded up.
    static constexpr std::size_t kHeadroom = 128;

    PacketPool* pool;
    PacketBuffer* next;  // for whoever owns it to queue it
    PacketBuffer* more;  // to be cut: the buffer with the payload that follows this one's; owned by this one
    std::uint16_t begin;
    std::uint16_t end;
    Checksum checksum;
    std::uint16_t checksum_start;   // Offload: where summing starts, from begin
    std::uint16_t checksum_offset;  // Offload: where the sum goes, from checksum_start
    std::uint16_t segment_size;     // not 0: to send, cut into TCP segments with so much payload each
    [[gnu::always_inline]] std::byte* bytes() { return reinterpret_cast<std::byte*>(this) + (kStride - kCapacity); }
};
static_assert(sizeof(PacketBuffer) <= PacketBuffer::kStride - PacketBuffer::kCapacity);

class Packet {
  public:
    constexpr Packet() = default;
    explicit Packet(PacketBuffer* buffer) : buffer_(buffer) {}
    Packet(Packet&& other) : buffer_(other.release()) {}
    Packet& operator=(Packet&& other) {
        if (this != &other) {
            drop();
            buffer_ = other.release();
        }
        return *this;
    }
    ~Packet() { drop(); }

    [[gnu::always_inline]] explicit operator bool() const { return buffer_ != nullptr; }
    [[gnu::always_inline]] util::MutableBytes data() const { return {buffer_->bytes() + buffer_->begin, size()}; }
    [[gnu::always_inline]] std::size_t size() const { return static_cast<std::size_t>(buffer_->end - buffer_->begin); }
    // With all that hangs on it to be cut.
    std::size_t whole_size() const;
    std::size_t headroom() const { return buffer_->begin; }
    std::size_t tailroom() const { return PacketBuffer::kCapacity - buffer_->end; }
    PacketBuffer& buffer() const { return *buffer_; }
    PacketBuffer* release() { return std::exchange(buffer_, nullptr); }
    void drop();

    // Each returns the bytes added or removed; an empty span, and no change, when there is no such room.
    util::MutableBytes push(std::size_t count);   // in front
    util::Bytes pull(std::size_t count);          // off the front
    util::MutableBytes append(std::size_t count); // at the end
    bool trim_to(std::size_t size);               // cut off the end; false when it is shorter

    // Empties it, with this much headroom.
    void reset(std::size_t headroom = PacketBuffer::kHeadroom) {
        ASSERT(headroom <= PacketBuffer::kCapacity);
        buffer_->begin = buffer_->end = static_cast<std::uint16_t>(headroom);
        buffer_->checksum = Checksum::Unknown;
        buffer_->segment_size = 0;
    }

  private:
    PacketBuffer* buffer_ = nullptr;
};

// All packets there are. Its memory comes from whoever makes the pool (the firmware: platform::dma_allocate) and
// must outlive every packet.
class PacketPool {
  public:
    explicit PacketPool(util::MutableBytes memory);  // aligned to 64; room for size / kStride packets
    PacketPool(const PacketPool&) = delete;

    // An empty packet with headroom, or a null one when none is left.
    Packet allocate(std::size_t headroom = PacketBuffer::kHeadroom);
    std::size_t available() const { return available_; }
    std::size_t total() const { return total_; }

  private:
    friend class Packet;
    PacketBuffer* free_ = nullptr;
    std::size_t available_ = 0;
    std::size_t total_ = 0;
};

// A queue of owned packets, first in first out.
class PacketQueue {
  public:
    PacketQueue() = default;
    PacketQueue(const PacketQueue&) = delete;
    ~PacketQueue() { clear(); }
    bool empty() const { return !head_; }
    std::size_t count() const { return count_; }
    void push_back(Packet&& packet);
    void push_front(Packet&& packet);
    PacketBuffer* front() const { return head_; }  // null when empty
    Packet pop_front();                            // null when empty
    void clear();

  private:
    PacketBuffer* head_ = nullptr;
    PacketBuffer* tail_ = nullptr;
    std::size_t count_ = 0;
};

}  // namespace net
