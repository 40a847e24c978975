#include "net/transport/tcp_receive_queue.h"

#include <cstring>

namespace net {

namespace {

// An early packet keeps its sequence number where its TCP header was.
constexpr std::size_t kStamp = sizeof(std::uint32_t);

TcpSequence begin_of(PacketBuffer* buffer) {
    std::uint32_t value;
    std::memcpy(&value, buffer->bytes() + buffer->begin - kStamp, sizeof value);
    return TcpSequence(value);
}

std::uint32_t size_of(const PacketBuffer* buffer) { return static_cast<std::uint32_t>(buffer->end - buffer->begin); }
TcpSequence end_of(PacketBuffer* buffer) { return begin_of(buffer) + size_of(buffer); }

}  // namespace

TcpReceiveQueue::~TcpReceiveQueue() { clear(); }

void TcpReceiveQueue::clear() {
    in_order_.clear();
    tail_ = nullptr;
    readable_ = 0;
    while (early_head_) {
        PacketBuffer* buffer = early_head_;
        early_head_ = buffer->next;
        Packet{buffer};
    }
    early_count_ = early_bytes_ = 0;
}

util::Bytes TcpReceiveQueue::peek() const {
    PacketBuffer* first = in_order_.front();
    if (!first) return {};
    return {first->bytes() + first->begin, size_of(first)};
}

void TcpReceiveQueue::consume(std::size_t count) {
    ASSERT(count <= readable_);
    readable_ -= count;
    while (count) {
        PacketBuffer* first = in_order_.front();
        std::size_t taken = std::min<std::size_t>(count, size_of(first));
        first->begin = static_cast<std::uint16_t>(first->begin + taken);
        count -= taken;
        if (first->begin == first->end) in_order_.pop_front();
    }
    if (in_order_.empty()) tail_ = nullptr;
}

void TcpReceiveQueue::append(Packet&& packet) {
    readable_ += packet.size();
    if (tail_ && packet.size() <= static_cast<std::size_t>(PacketBuffer::kCapacity - tail_->end)) {
        std::memcpy(tail_->bytes() + tail_->end, packet.data().data(), packet.size());
        tail_->end = static_cast<std::uint16_t>(tail_->end + packet.size());
        return;
    }
    tail_ = &packet.buffer();
    in_order_.push_back(std::move(packet));
}

TcpReceiveQueue::Outcome TcpReceiveQueue::insert(Packet&& packet, TcpSequence at, TcpSequence& next,
                                                 std::size_t early_limit) {
    std::int32_t known = next - at;
    if (known >= static_cast<std::int32_t>(packet.size())) return Outcome::Duplicate;
    if (known >= 0) {
        packet.pull(static_cast<std::size_t>(known));
        next = next + static_cast<std::uint32_t>(packet.size());
        append(std::move(packet));
        if (early_head_) take_early(next);
        return Outcome::Advanced;
    }
    if (early_count_ >= early_limit || packet.headroom() < kStamp) return Outcome::NoRoom;
    insert_early(std::move(packet), at);
    return Outcome::KeptEarly;
}

void TcpReceiveQueue::take_early(TcpSequence& next) {
    while (early_head_ && begin_of(early_head_) <= next) {
        Packet packet(early_head_);
        early_head_ = early_head_->next;
        --early_count_;
        early_bytes_ -= packet.size();
        std::int32_t known = next - begin_of(&packet.buffer());
        packet.buffer().next = nullptr;
        if (known >= static_cast<std::int32_t>(packet.size())) continue;
        packet.pull(static_cast<std::size_t>(known));
        next = next + static_cast<std::uint32_t>(packet.size());
        append(std::move(packet));
    }
}

// Keeps early packets sorted and without overlap: what is there already is cut off the new one, or the new one replaces it.
void TcpReceiveQueue::insert_early(Packet&& packet, TcpSequence at) {
    PacketBuffer** place = &early_head_;
    while (*place && begin_of(*place) < at) {
        if (end_of(*place) > at) {
            std::int32_t overlap = end_of(*place) - at;
            if (overlap >= static_cast<std::int32_t>(packet.size())) return;
            packet.pull(static_cast<std::size_t>(overlap));
            at = at + static_cast<std::uint32_t>(overlap);
        }
        place = &(*place)->next;
    }
    TcpSequence end = at + static_cast<std::uint32_t>(packet.size());
    while (*place && begin_of(*place) < end) {
        PacketBuffer* covered = *place;
        if (end_of(covered) > end) {
            packet.trim_to(static_cast<std::size_t>(begin_of(covered) - at));
            if (!packet.size()) return;
            break;
        }
        *place = covered->next;
        --early_count_;
        early_bytes_ -= size_of(covered);
        covered->next = nullptr;
        Packet{covered};
    }
    std::uint32_t stamp = at.value();
    std::memcpy(packet.data().data() - kStamp, &stamp, sizeof stamp);
    early_bytes_ += packet.size();
    ++early_count_;
    last_early_ = at;
    PacketBuffer* buffer = packet.release();
    buffer->next = *place;
    *place = buffer;
}

std::uint8_t TcpReceiveQueue::sack_blocks(std::array<TcpRange, TcpSegment::kMaximumSackBlocks>& blocks) const {
    std::uint8_t count = 0;
    for (PacketBuffer* buffer = early_head_; buffer;) {
        TcpRange range{begin_of(buffer), end_of(buffer)};
        while ((buffer = buffer->next) && begin_of(buffer) == range.end) range.end = end_of(buffer);
        bool newest = range.begin <= last_early_ && last_early_ < range.end;
        if (newest) {
            if (count == blocks.size()) --count;
            for (std::size_t i = count; i > 0; --i) blocks[i] = blocks[i - 1];
            blocks[0] = range;
            ++count;
        } else if (count < blocks.size()) {
            blocks[count++] = range;
        }
    }
    return count;
}

}  // namespace net
