#include "net/transport/tcp_send_queue.h"

#include <algorithm>
#include <cstring>

namespace net {

static constexpr std::size_t kLeast = 4096;

util::Result<void> TcpSendQueue::allocate(std::size_t wanted) {
    ASSERT(ring_.empty());
    for (std::size_t size = wanted; size >= kLeast; size /= 2) {
        if (auto* memory = static_cast<std::byte*>(util::heap_allocate(size))) {
            ring_ = {memory, size};
            return {};
        }
    }
    return util::kOutOfMemory;
}

std::size_t TcpSendQueue::push(util::Bytes data) {
    std::size_t count = std::min(data.size(), room());
    std::size_t at = first_ + size_;
    if (at >= ring_.size()) at -= ring_.size();
    std::size_t straight = std::min(count, ring_.size() - at);
    if (straight) std::memcpy(ring_.data() + at, data.data(), straight);
    if (count > straight) std::memcpy(ring_.data(), data.data() + straight, count - straight);
    size_ += count;
    return count;
}

std::size_t TcpSendQueue::append_to(Packet& packet, std::size_t offset, std::size_t count) const {
    ASSERT(offset <= size_ && count <= size_ - offset);
    util::MutableBytes target = packet.append(std::min(count, packet.tailroom()));
    std::size_t at = first_ + offset;
    if (at >= ring_.size()) at -= ring_.size();
    std::size_t straight = std::min(target.size(), ring_.size() - at);
    if (straight) std::memcpy(target.data(), ring_.data() + at, straight);
    if (target.size() > straight) std::memcpy(target.data() + straight, ring_.data(), target.size() - straight);
    return target.size();
}

void TcpSendQueue::acknowledge(std::size_t count) {
    ASSERT(count <= size_);
    size_ -= count;
    first_ += count;
    if (first_ >= ring_.size()) first_ -= ring_.size();
}

}  // namespace net
