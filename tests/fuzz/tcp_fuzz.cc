// The TCP header and its options. What is parsed and written again must parse to the same.
#include <cstdlib>
#include <cstring>

#include "net/wire/tcp.h"

namespace {
alignas(64) std::byte memory[4 * net::PacketBuffer::kStride];
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    net::PacketPool pool(memory);
    net::Packet packet = pool.allocate();
    auto target = packet.append(size);
    if (size && target.empty()) return 0;
    if (size) std::memcpy(target.data(), data, size);
    auto segment = net::parse_tcp(packet);
    if (!segment) return 0;
    if (segment->sack_count > net::TcpSegment::kMaximumSackBlocks) std::abort();

    net::Packet again = pool.allocate();
    if (!net::emit_tcp(*segment, again)) std::abort();
    auto second = net::parse_tcp(again);
    if (!second || second->sequence != segment->sequence || second->control != segment->control ||
        second->mss != segment->mss || second->window_shift != segment->window_shift ||
        second->timestamps.has_value() != segment->timestamps.has_value())
        std::abort();
    return 0;
}
