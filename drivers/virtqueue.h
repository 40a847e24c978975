// A split virtqueue (VIRTIO 1.2, section 2.7), polled: packets go in with the pieces of memory they are made
// of, and come back when the device has used them. What the device writes into it is not trusted.
//
// Laid out as the legacy interface wants it (section 2.7.2), which suits modern devices as well.
#pragma once

#include <array>
#include <cstdint>

#include "drivers/dma_memory.h"
#include "net/packet.h"

namespace drivers {

class Virtqueue {
  public:
    // More is not used, however large the device's queue is.
    static constexpr unsigned kMostSlots = 256;

    struct Piece {
        std::uint64_t address;
        std::uint32_t size;
        enum class Access : std::uint16_t { DeviceReads = 0, DeviceWrites = 2 } access;
    };

    // Every packet takes the same number of descriptors. size: a power of two.
    util::Result<void> open(std::uint16_t size, unsigned pieces_per_packet);
    // Only when the device has been reset: gives all packets back.
    void close();

    std::uint64_t descriptor_area() const { return memory_.bus_address(); }
    std::uint64_t driver_area() const { return memory_.bus_address() + available_offset(); }
    std::uint64_t device_area() const { return memory_.bus_address() + used_offset(); }

    unsigned slots() const { return slots_; }
    unsigned in_flight() const { return slots_ - free_count_; }
    bool full() const { return free_count_ == 0; }
    // Which slot the next packet gets.
    unsigned next_slot() const { return free_[free_count_ - 1]; }

    // Not seen by the device before publish().
    void put(net::Packet&& packet, std::span<const Piece> pieces);
    // True when the device wants to be told.
    bool publish();

    struct Used {
        net::Packet packet;
        std::uint32_t written = 0;  // by the device, as it says
    };
    // The next packet the device is done with, or a null one.
    Used take();

  private:
    struct Descriptor;
    struct Available;
    struct UsedElement;
    struct UsedRing;
    std::size_t available_offset() const;
    std::size_t used_offset() const;
    Descriptor* descriptors() const;
    Available* available() const;
    volatile UsedRing* used() const;
    std::uint16_t mask() const { return static_cast<std::uint16_t>(size_ - 1); }

    DmaMemory memory_;
    std::uint16_t size_ = 0;
    std::uint16_t slots_ = 0;
    std::uint16_t pieces_ = 1;
    std::uint16_t put_ = 0;    // what the available index will be
    std::uint16_t taken_ = 0;  // used elements seen
    std::uint16_t free_count_ = 0;
    std::array<std::uint8_t, kMostSlots> free_;
    std::array<net::Packet, kMostSlots> packets_;
};

}  // namespace drivers
