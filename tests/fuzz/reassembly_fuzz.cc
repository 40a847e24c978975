// Fragments of a few datagrams in any order, cut anyhow: the reassembler against a plain one. What it says is complete
// must be exactly what the pieces were.
#include <cstring>
#include <optional>
#include <vector>

#include "net/ip/reassembly.h"

namespace {

alignas(64) std::byte memory[16 * net::PacketBuffer::kStride];

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    net::PacketPool pool(memory);
    {
        net::Reassembler reassembler;
        util::Reader reader(std::as_bytes(std::span(data, size)));
        util::Instant now;
        // All that came for each identification: a completed datagram consists of pieces that were sent.
        std::vector<std::optional<std::byte>> seen[4];
        for (auto& bytes : seen) bytes.resize(net::Reassembler::kMaximumPayload);
        while (reader.remaining() >= 5) {
            std::uint8_t id = reader.u8() % 4;
            net::Ipv4Header header;
            header.identification = id;
            header.flags_offset = reader.be16() & (net::Ipv4Header::kMoreFragments | 0x1ff);
            std::size_t length = reader.be16() % 1500;
            util::Bytes piece = reader.bytes(std::min(length, reader.remaining()));
            net::Packet packet = pool.allocate(64);
            ASSERT(packet);
            if (!piece.empty()) std::memcpy(packet.append(piece.size()).data(), piece.data(), piece.size());
            bool evicted = false;
            auto outcome = reassembler.add(header, packet, pool, now, evicted);
            std::size_t offset = header.fragment_offset();
            for (std::size_t i = 0; i < piece.size() && offset + i < seen[id].size(); ++i) seen[id][offset + i] = piece[i];
            ASSERT(static_cast<bool>(packet) == (outcome == net::Reassembler::Outcome::Complete));
            if (packet) {
                for (std::size_t i = 0; i < packet.size(); ++i) ASSERT(seen[id][i].has_value());
                seen[id].assign(seen[id].size(), std::nullopt);
            }
            now = now + util::Duration::milliseconds(500);
            reassembler.expire(now);
        }
    }
    ASSERT(pool.available() == pool.total());
    return 0;
}
