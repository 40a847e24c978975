// Bytes that a TCP connection has been given to send and that the peer has not acknowledged yet: a ring.
#pragma once

#include "net/packet.h"
#include "util/bytes.h"
#include "util/owned.h"

namespace net {

class TcpSendQueue {
  public:
    TcpSendQueue() = default;
    TcpSendQueue(const TcpSendQueue&) = delete;
    ~TcpSendQueue() { util::heap_free(ring_.data()); }
    // Failure: no memory even for the least useful size.
    util::Result<void> allocate(std::size_t wanted);

    std::size_t size() const { return size_; }
    std::size_t room() const { return ring_.size() - size_; }
    // Takes what fits.
    std::size_t push(util::Bytes data);
    // Appends bytes from an offset behind the first unacknowledged one, as many as fit; how many.
    std::size_t append_to(Packet& packet, std::size_t offset, std::size_t count) const;
    void acknowledge(std::size_t count);

  private:
    util::MutableBytes ring_;  // from the heap, not filled with zeros first
    std::size_t first_ = 0;
    std::size_t size_ = 0;
};

}  // namespace net
