#include "san/drive_cache.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "util/owned.h"

namespace san {

DriveCache::~DriveCache() {
    drop_all();
    util::heap_free(memory_);
}

// Memory that leaves half as much again to others: on a small machine read-ahead must not starve a session
// that has to be made anew.
static std::byte* allocate_sparingly(std::size_t bytes) {
    void* memory = util::heap_allocate(bytes);
    void* spare = util::heap_allocate(bytes / 2);
    util::heap_free(spare);
    if (spare) return static_cast<std::byte*>(memory);
    util::heap_free(memory);
    return nullptr;
}

void DriveCache::allocate(std::size_t bytes) {
    constexpr std::size_t kLeastBytes = 32 << 10, kLeastSlots = 4;
    ASSERT(!memory_);
    bytes = std::min(bytes, kMaxSlots * kSlotBytes);
    while (bytes >= kLeastBytes && !(memory_ = allocate_sparingly(bytes))) bytes /= 2;
    if (!memory_) return;
    slot_bytes_ = kSlotBytes;
    while (bytes < slot_bytes_ * kLeastSlots) slot_bytes_ /= 2;
    block_shift_ = static_cast<std::uint32_t>(std::countr_zero(device_.geometry().block_size));
    slot_blocks_ =
        std::min(static_cast<std::uint32_t>(slot_bytes_ >> block_shift_), device_.max_transfer_blocks());
    slot_bytes_ = std::size_t{slot_blocks_} << block_shift_;
    slots_in_use_ = std::min(bytes / slot_bytes_, kMaxSlots);
    for (std::size_t i = 0; i < slots_in_use_; ++i) slots_[i].memory_ = memory_ + i * slot_bytes_;
}

DriveCache::Slot* DriveCache::find(std::uint64_t lba) {
    if (recent_ && recent_->has(lba)) return recent_;
    for (Slot& slot : slots())
        if (slot.has(lba)) return recent_ = &slot;
    return nullptr;
}

std::uint64_t DriveCache::next_cached(std::uint64_t lba, std::uint64_t end) {
    for (Slot& slot : slots())
        if (slot.in_use() && slot.request_.lba > lba) end = std::min(end, slot.request_.lba);
    return end;
}

std::uint32_t DriveCache::copy(Slot& slot, std::uint64_t lba, util::MutableBytes target) {
    ASSERT(slot.done() && slot.has(lba));
    auto skip = static_cast<std::uint32_t>(lba - slot.request_.lba);
    std::uint32_t wanted = static_cast<std::uint32_t>(target.size() >> block_shift_);
    std::uint32_t count = std::min(slot.request_.count - skip, wanted);
    std::memcpy(target.data(), slot.request_.data.data() + (std::size_t{skip} << block_shift_),
                std::size_t{count} << block_shift_);
    // What was read to its end is the first to go.
    slot.last_used_ = skip + count == slot.request_.count ? 0 : ++clock_;
    ++statistics_.hits;
    return count;
}

void DriveCache::release(Slot& slot) {
    if (slot.pending()) device_.cancel(slot.request_);
    slot.request_.state = BlockRequest::State::Idle;
}

// A reader may go on a little further on: what lies between was asked for already, so nothing is lost.
DriveCache::Stream* DriveCache::stream_of(std::uint64_t lba) {
    for (Stream& stream : streams_)
        if (lba - stream.next <= stream.ahead - stream.next) return &stream;
    return nullptr;
}

// A reader that is known counts as younger than many single reads, or random reads would wash it out.
DriveCache::Stream& DriveCache::oldest_stream() {
    constexpr std::uint32_t kSingleReads = 32;
    auto age = [](const Stream& stream) { return stream.last_used + (stream.window ? kSingleReads : 0); };
    return *std::min_element(streams_.begin(), streams_.end(),
                             [&](const Stream& a, const Stream& b) { return age(a) < age(b); });
}

void DriveCache::read_ahead(std::uint64_t lba, std::uint32_t count, Found found) {
    if (prefetch_ == Prefetch::Off || !has_memory()) return;
    std::uint64_t end = lba + count;
    Stream* stream = stream_of(lba);
    if (!stream) {
        // What is read again from the cache is no new reader.
        if (found == Found::NotAll) oldest_stream() = {end, end, 0, 0, ++clock_};
        return;
    }
    stream->next = end;
    // A miss says that what was asked for is not there any more.
    if (found == Found::NotAll || stream->ahead < end) stream->ahead = end;
    stream->last_used = ++clock_;
    if (end >= stream->widen_at) widen(*stream, count);
    if (stream->ahead - end <= stream->window - slot_blocks_) extend(*stream);
}

void DriveCache::widen(Stream& stream, std::uint32_t count) {
    // Half of the memory at most, so that two readers do not push each other out.
    auto widest = static_cast<std::uint32_t>(std::max<std::size_t>(1, slots_in_use_ / 2)) * slot_blocks_;
    if (stream.window == 0) {
        // What is read at once, in whole slots.
        stream.window = slot_blocks_;
        while (stream.window < count && stream.window < widest) stream.window *= 2;
    } else {
        stream.window *= 2;
    }
    stream.window = std::min(stream.window, widest);
    stream.widen_at = stream.next + stream.window / 2;
}

void DriveCache::extend(Stream& stream) {
    std::uint64_t capacity = device_.geometry().blocks;
    while (stream.ahead < capacity && stream.ahead - stream.next <= stream.window - slot_blocks_) {
        if (Slot* other = find(stream.ahead)) {
            stream.ahead = other->end();
            continue;
        }
        std::uint64_t end = next_cached(stream.ahead, std::min(capacity, stream.ahead + slot_blocks_));
        Slot* slot = fetch(stream.ahead, static_cast<std::uint32_t>(end - stream.ahead));
        if (!slot) return;
        stream.ahead = slot->end();
    }
}

DriveCache::Slot* DriveCache::fetch(std::uint64_t lba, std::uint32_t count) {
    Slot* slot = free_slot();
    if (!slot) return nullptr;
    BlockRequest& request = slot->request_;
    request.operation = BlockRequest::Operation::Read;
    request.state = BlockRequest::State::Idle;
    request.lba = lba;
    // The most may have changed with a new session.
    request.count = std::min({count, slot_blocks_, device_.max_transfer_blocks()});
    request.data = {slot->memory_, std::size_t{request.count} << block_shift_};
    request.failure = nullptr;
    slot->last_used_ = ++clock_;
    device_.submit(request);
    return slot;
}

DriveCache::Slot* DriveCache::free_slot() {
    Slot* oldest = nullptr;
    for (Slot& slot : slots()) {
        if (!slot.in_use() || slot.failed()) return &slot;
        if (slot.done() && (!oldest || slot.last_used_ < oldest->last_used_)) oldest = &slot;
    }
    return oldest;
}

void DriveCache::drop(std::uint64_t lba, std::uint32_t count) {
    for (Slot& slot : slots())
        if (slot.in_use() && slot.request_.lba < lba + count && lba < slot.end()) release(slot);
}

void DriveCache::drop_all() {
    for (Slot& slot : slots())
        if (slot.in_use()) release(slot);
    forget_streams();
}

void DriveCache::drop_done() {
    for (Slot& slot : slots())
        if (!slot.pending()) release(slot);
    forget_streams();
}

void DriveCache::forget_streams() {
    for (Stream& stream : streams_) stream = {};
}

}  // namespace san
