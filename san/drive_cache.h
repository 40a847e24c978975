// Read-ahead of one drive: sees which reads follow each other, asks for what comes next before it is wanted,
// in several requests at once, and holds it until it was read, overwritten, or the room is needed.
//
// Owned and driven by Drive, which does the waiting. A slot is one request and its memory; slots begin and
// end anywhere, so that read-ahead goes on exactly where the reader is. Up to kStreams readers are told
// apart, as boot loaders alternate between files and file system structures. A first read is never followed
// by read-ahead: only the second one of two that touch is, and then the window doubles each time half of it
// was read.
#pragma once

#include <array>

#include "san/block_device.h"

namespace san {

enum class Prefetch : std::uint8_t { Off, On };

class DriveCache {
  public:
    // Where the window starts, and what one request carries at most.
    static constexpr std::size_t kSlotBytes = 64 << 10;
    static constexpr std::size_t kMaxSlots = 32;

    struct Statistics {
        std::uint32_t hits = 0;        // reads, or parts of them, served from a slot
    };

    class Slot {
      public:
        bool pending() const { return request_.state == BlockRequest::State::Pending; }
        bool done() const { return request_.state == BlockRequest::State::Done; }
        bool failed() const { return request_.state == BlockRequest::State::Failed; }
        bool in_use() const { return request_.state != BlockRequest::State::Idle; }
        bool has(std::uint64_t lba) const { return in_use() && lba - request_.lba < request_.count; }
        std::uint64_t end() const { return request_.lba + request_.count; }
        const util::Failure* failure() const { return request_.failure; }
        std::uint64_t failed_lba() const { return request_.failed_lba; }

      private:
        friend DriveCache;
        BlockRequest request_;
        std::byte* memory_ = nullptr;
        std::uint32_t last_used_ = 0;
    };

    explicit DriveCache(BlockDevice& device) : device_(device) {}
    ~DriveCache();
    DriveCache(const DriveCache&) = delete;
    DriveCache& operator=(const DriveCache&) = delete;

    // Gets memory from the heap, once; with less than asked for when it is short, down to none.
    void allocate(std::size_t bytes);
    bool has_memory() const { return slots_in_use_ != 0; }
    void set_prefetch(Prefetch prefetch) { prefetch_ = prefetch; }

    // The slot with that block, pending or done; null: none.
    Slot* find(std::uint64_t lba);
    // Where cached blocks begin again after lba, at most end.
    std::uint64_t next_cached(std::uint64_t lba, std::uint64_t end);
    // Copies from a slot that is done: blocks from lba on, as many as the slot has and the target holds.
    // Their number.
    std::uint32_t copy(Slot& slot, std::uint64_t lba, util::MutableBytes target);
    // Gives up a slot, with its request if that is still under way.
    void release(Slot& slot);

    // Takes note of a read, of which all was cached or not, and sends requests for what should come next.
    // Call it when the read's own requests are submitted already, so that they come first. May give up slots
    // that are done.
    enum class Found : std::uint8_t { All, NotAll };
    void read_ahead(std::uint64_t lba, std::uint32_t count, Found found);
    // Starts filling a slot; null when there is none to be had. May be less than count blocks.
    Slot* fetch(std::uint64_t lba, std::uint32_t count);

    // Forgets these blocks, or all. Requests under way for them are cancelled.
    void drop(std::uint64_t lba, std::uint32_t count);
    void drop_all();
    // Forgets what was read so far; requests under way remain, as their answers are yet to come.
    void drop_done();

    const Statistics& statistics() const { return statistics_; }

  private:
    static constexpr std::size_t kStreams = 8;
    // A reader: where it is, and how far ahead of it was asked for.
    struct Stream {
        std::uint64_t next = UINT64_MAX;   // its next read begins here, if it goes on
        std::uint64_t ahead = UINT64_MAX;  // asked for up to here; equal to next: nothing
        std::uint64_t widen_at = 0;        // where the reader has to be for the window to grow
        std::uint32_t window = 0;          // blocks to be ahead; 0: not known to be sequential yet
        std::uint32_t last_used = 0;
    };

    Stream* stream_of(std::uint64_t lba);
    Stream& oldest_stream();
    void widen(Stream& stream, std::uint32_t count);
    void extend(Stream& stream);
    Slot* free_slot();
    void forget_streams();
    std::span<Slot> slots() { return std::span(slots_).first(slots_in_use_); }

    BlockDevice& device_;
    std::byte* memory_ = nullptr;
    std::size_t slot_bytes_ = 0;
    std::uint32_t slot_blocks_ = 0;
    std::uint32_t block_shift_ = 9;
    std::size_t slots_in_use_ = 0;  // how many of slots_ have memory
    Slot* recent_ = nullptr;        // hit last; first guess
    std::uint32_t clock_ = 0;       // of uses, for the oldest
    Prefetch prefetch_ = Prefetch::On;
    Statistics statistics_;
    std::array<Slot, kMaxSlots> slots_;
    std::array<Stream, kStreams> streams_;
};

}  // namespace san
