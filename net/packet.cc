#include "net/packet.h"

namespace net {

void Packet::drop() {
    for (PacketBuffer* buffer = release(); buffer;) {
        PacketBuffer* more = std::exchange(buffer->more, nullptr);
        PacketPool& pool = *buffer->pool;
        buffer->next = pool.free_;
        pool.free_ = buffer;
        ++pool.available_;
        buffer = more;
    }
}

std::size_t Packet::whole_size() const {
    std::size_t whole = 0;
    for (const PacketBuffer* buffer = buffer_; buffer; buffer = buffer->more)
        whole += static_cast<std::size_t>(buffer->end - buffer->begin);
    return whole;
}

util::MutableBytes Packet::push(std::size_t count) {
    if (count > headroom()) return {};
    buffer_->begin = static_cast<std::uint16_t>(buffer_->begin - count);
    return data().first(count);
}

util::Bytes Packet::pull(std::size_t count) {
    if (count > size()) return {};
    util::Bytes taken = data().first(count);
    buffer_->begin = static_cast<std::uint16_t>(buffer_->begin + count);
    return taken;
}

util::MutableBytes Packet::append(std::size_t count) {
    if (count > tailroom()) return {};
    buffer_->end = static_cast<std::uint16_t>(buffer_->end + count);
    return data().last(count);
}

bool Packet::trim_to(std::size_t size_wanted) {
    if (size_wanted > size()) return false;
    buffer_->end = static_cast<std::uint16_t>(buffer_->begin + size_wanted);
    return true;
}

PacketPool::PacketPool(util::MutableBytes memory) {
    std::size_t count = memory.size() / PacketBuffer::kStride;
    for (std::size_t i = count; i-- > 0;) {
        auto* buffer = new (memory.data() + i * PacketBuffer::kStride) PacketBuffer{};
        buffer->pool = this;
        buffer->next = free_;
        free_ = buffer;
    }
    available_ = total_ = count;
}

Packet PacketPool::allocate(std::size_t headroom) {
    PacketBuffer* buffer = free_;
    if (!buffer) return Packet();
    free_ = buffer->next;
    buffer->next = nullptr;
    --available_;
    Packet packet(buffer);
    packet.reset(headroom);
    return packet;
}

void PacketQueue::push_back(Packet&& packet) {
    PacketBuffer* buffer = packet.release();
    buffer->next = nullptr;
    (tail_ ? tail_->next : head_) = buffer;
    tail_ = buffer;
    ++count_;
}

void PacketQueue::push_front(Packet&& packet) {
    PacketBuffer* buffer = packet.release();
    buffer->next = head_;
    head_ = buffer;
    if (!tail_) tail_ = buffer;
    ++count_;
}

Packet PacketQueue::pop_front() {
    PacketBuffer* buffer = head_;
    if (!buffer) return Packet();
    head_ = buffer->next;
    if (!head_) tail_ = nullptr;
    buffer->next = nullptr;
    --count_;
    return Packet(buffer);
}

void PacketQueue::clear() {
    while (!empty()) pop_front();
}

}  // namespace net
