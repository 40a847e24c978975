#include "drivers/virtqueue.h"

#include <algorithm>

#include "util/assert.h"

namespace drivers {

namespace {

constexpr std::size_t kPage = 4096;        // legacy queue alignment
constexpr std::uint16_t kNext = 1;         // VIRTQ_DESC_F_NEXT
constexpr std::uint16_t kNoInterrupt = 1;  // VIRTQ_AVAIL_F_NO_INTERRUPT
constexpr std::uint16_t kNoNotify = 1;     // VIRTQ_USED_F_NO_NOTIFY

}  // namespace

struct Virtqueue::Descriptor {
    std::uint64_t address;
    std::uint32_t size;
    std::uint16_t flags;
    std::uint16_t next;
};

struct Virtqueue::Available {
    std::uint16_t flags;
    volatile std::uint16_t index;
    std::uint16_t ring[];
};

struct Virtqueue::UsedElement {
    std::uint32_t id;
    std::uint32_t written;
};

struct Virtqueue::UsedRing {
    std::uint16_t flags;
    std::uint16_t index;
    UsedElement ring[];
};

// In front of the rings are 16 bytes a descriptor; the available ring has 2 bytes an entry and 3 words around
// it.
std::size_t Virtqueue::available_offset() const {
    return sizeof(Descriptor) * size_;
}
std::size_t Virtqueue::used_offset() const {
    return (available_offset() + 2 * (size_ + 3u) + kPage - 1) & ~(kPage - 1);
}
Virtqueue::Descriptor* Virtqueue::descriptors() const {
    return reinterpret_cast<Descriptor*>(memory_.data());
}
Virtqueue::Available* Virtqueue::available() const {
    return reinterpret_cast<Available*>(memory_.data() + available_offset());
}
volatile Virtqueue::UsedRing* Virtqueue::used() const {
    return reinterpret_cast<UsedRing*>(memory_.data() + used_offset());
}

util::Result<void> Virtqueue::open(std::uint16_t size, unsigned pieces_per_packet) {
    size_ = size;
    pieces_ = static_cast<std::uint16_t>(pieces_per_packet);
    slots_ = static_cast<std::uint16_t>(std::min<unsigned>(size / pieces_per_packet, kMostSlots));
    memory_ = TRY(DmaMemory::allocate(used_offset() + sizeof(UsedElement) * size + 3 * 2, kPage));
    put_ = taken_ = 0;
    free_count_ = slots_;
    for (unsigned i = 0; i < slots_; ++i) free_[i] = static_cast<std::uint8_t>(slots_ - 1 - i);
    available()->flags = kNoInterrupt;
    return {};
}

void Virtqueue::close() {
    for (net::Packet& packet : packets_) packet.drop();
    memory_.release();
    slots_ = free_count_ = 0;
}

void Virtqueue::put(net::Packet&& packet, std::span<const Piece> pieces) {
    ASSERT(free_count_ && pieces.size() == pieces_);
    unsigned slot = free_[--free_count_];
    packets_[slot] = std::move(packet);
    auto first = static_cast<std::uint16_t>(slot * pieces_);
    for (std::uint16_t i = 0; i < pieces_; ++i) {
        bool last = i + 1 == pieces_;
        auto flags =
            static_cast<std::uint16_t>(static_cast<std::uint16_t>(pieces[i].access) | (last ? 0 : kNext));
        descriptors()[first + i] = {pieces[i].address, pieces[i].size, flags,
                                    static_cast<std::uint16_t>(last ? 0 : first + i + 1)};
    }
    available()->ring[put_++ & mask()] = first;
}

bool Virtqueue::publish() {
    platform::dma_barrier();
    available()->index = put_;
    platform::dma_barrier();
    return !(used()->flags & kNoNotify);
}

Virtqueue::Used Virtqueue::take() {
    // No more than there could be, whatever the device makes of its index.
    for (unsigned tries = 0; tries < size_ && taken_ != used()->index; ++tries) {
        platform::dma_barrier();
        volatile UsedElement& element = used()->ring[taken_++ & mask()];
        std::uint32_t slot = element.id / pieces_;
        if (element.id % pieces_ || slot >= slots_ || !packets_[slot]) continue;  // not one of ours
        free_[free_count_++] = static_cast<std::uint8_t>(slot);
        return {std::move(packets_[slot]), element.written};
    }
    return {};
}

}  // namespace drivers
