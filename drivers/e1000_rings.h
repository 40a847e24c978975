// Descriptor rings of the PRO/1000 family, in memory only: the tail registers are the caller's (SDM 3.2
// and 3.4).
//
// Software owns the descriptors from tail to head, hardware the others. Tail equal to head means that
// hardware has none, so one descriptor always stays with software.
#pragma once

#include <array>

#include "drivers/dma_memory.h"
#include "drivers/e1000_registers.h"
#include "drivers/e1000_traits.h"
#include "drivers/receive_budget.h"
#include "net/packet.h"

namespace drivers::e1000 {

// First steppings of the 82545 and 82546 corrupt a buffer that crosses a 64 KiB boundary (specification
// update, erratum 23).
enum class Boundaries : std::uint8_t { Free, Within64K };

// Whether the device leaves the frame check sequence at the end of a frame. Not all of the family can strip
// it (RCTL.SECRC); the PCI Express ones should: QEMU's model of the 82574 puts it into a descriptor of its
// own otherwise.
enum class FrameCheck : std::uint8_t { Kept, Stripped };

// Of receive descriptors. The 82575 and later can do both; QEMU's model of the 82576 has advanced ones only.
enum class Format : std::uint8_t { Legacy, Advanced };

class ReceiveRing {
  public:
    static constexpr unsigned kSlots = 256;

    ReceiveRing(net::PacketPool& pool, Boundaries boundaries, FrameCheck frame_check, Format format)
        : budget_(pool), boundaries_(boundaries), frame_check_(frame_check), format_(format) {}

    util::Result<void> open();
    // Only when the device has stopped: gives all packets back.
    void close();

    const DmaMemory& memory() const { return memory_; }
    std::uint16_t tail() const { return tail_; }
    std::size_t burst() const { return budget_.burst(); }

    // Puts packets into empty slots. True when the tail has moved and the device should be told.
    bool refill();
    // The next good frame, or a null packet. Bad ones are dropped on the way.
    net::Packet next();

  private:
    struct Finding {
        std::uint8_t status, errors;
        std::uint16_t length;
    };
    bool is_advanced() const { return (traits_in_image() & kQueues) && format_ == Format::Advanced; }
    volatile ReceiveDescriptor* descriptors() const {
        return reinterpret_cast<ReceiveDescriptor*>(memory_.data());
    }
    volatile AdvancedReceiveDescriptor* advanced_descriptors() const {
        return reinterpret_cast<AdvancedReceiveDescriptor*>(memory_.data());
    }
    std::uint8_t head_status() const;
    Finding head_finding() const;
    net::Packet allocate_buffer(net::PacketQueue& unfit);
    net::Packet accept(net::Packet&& packet, Finding finding);

    ReceiveBudget budget_;
    Boundaries boundaries_;
    FrameCheck frame_check_;
    Format format_;
    bool in_fragment_ = false;  // the last descriptor did not end its frame
    std::uint16_t head_ = 0;    // the oldest one given to the device
    std::uint16_t tail_ = 0;    // the next one to give to it
    std::uint16_t posted_ = 0;
    DmaMemory memory_;
    std::array<net::Packet, kSlots> packets_;
};

// The 82544 hangs in PCI-X mode when a buffer ends in the lower half of an aligned 8 bytes (specification
// update: the last dword of a burst): such a buffer's last 4 bytes go as one of their own.
enum class BufferEnds : std::uint8_t { Free, UpperDword };

// And a frame of one piece behind one that was cut may be reported as sent before it has been read: its last 4 bytes go
// apart as well.

class TransmitRing {
  public:
    static constexpr unsigned kSlots = 64;
    // So much payload to be cut fits into half of the ring.
    static constexpr std::size_t kMostToCut = 31 * (net::PacketBuffer::kCapacity - net::PacketBuffer::kHeadroom);

    util::Result<void> open(BufferEnds ends);
    void close();

    const DmaMemory& memory() const { return memory_; }
    std::uint16_t tail() const { return tail_; }

    // Takes the packet; false, with the packet untouched, when there is no room.
    bool put(net::Packet& packet);
    // One descriptor more, of data that nobody wants, which is not sent.
    void put_ring_itself();
    // Frees what has been sent. Reads memory only.
    void reclaim();

  private:
    volatile TransmitDescriptor* descriptors() const {
        return reinterpret_cast<TransmitDescriptor*>(memory_.data());
    }
    unsigned free() const { return kSlots - 1 - used_; }
    void append(const TransmitDescriptor& descriptor);
    void append(util::Bytes piece, std::uint8_t command);
    void append_context(const net::Packet& packet);
    void put_to_be_cut(net::Packet packet);

    BufferEnds ends_ = BufferEnds::Free;
    bool cut_last_ = false;  // the last packet was one to be cut
    std::uint16_t head_ = 0;
    std::uint16_t tail_ = 0;
    std::uint16_t used_ = 0;
    DmaMemory memory_;
    std::array<net::Packet, kSlots> packets_;  // at the descriptor that ends it
};

}  // namespace drivers::e1000
