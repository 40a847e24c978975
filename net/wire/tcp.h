// The TCP segment on the wire: header and options (RFC 9293 section 3.1, RFC 7323, RFC 2018).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "net/address.h"
#include "net/packet.h"
#include "net/wire/tcp_sequence.h"
#include "util/bytes.h"

namespace net {

struct TcpHeader {
    util::Be16 source_port;
    util::Be16 destination_port;
    util::Be32 sequence_number;
    util::Be32 acknowledgment_number;
    std::uint8_t data_offset;  // in its upper four bits, in 32-bit words
    std::uint8_t control_bits;
    util::Be16 window;
    util::Be16 checksum;
    util::Be16 urgent_pointer;
};
static_assert(sizeof(TcpHeader) == 20 && alignof(TcpHeader) == 1);

namespace tcp_control {
inline constexpr std::uint8_t kFin = 0x01, kSyn = 0x02, kRst = 0x04, kPsh = 0x08, kAck = 0x10;
}

// Half-open range of sequence numbers.
struct TcpRange {
    TcpSequence begin, end;
};

struct TcpTimestamps {
    std::uint32_t value = 0, echo = 0;
};

// A segment without its payload, in host order.
struct TcpSegment {
    static constexpr std::size_t kMaximumSackBlocks = 4;
    static constexpr unsigned kMaximumWindowShift = 14;  // RFC 7323 section 2.3

    std::uint16_t source_port = 0, destination_port = 0;
    TcpSequence sequence, acknowledgment;
    std::uint8_t control = 0;
    std::uint16_t window = 0;  // as in the header, not shifted
    std::optional<std::uint16_t> mss;
    std::optional<std::uint8_t> window_shift;
    bool sack_permitted = false;
    std::optional<TcpTimestamps> timestamps;
    std::array<TcpRange, kMaximumSackBlocks> sack_blocks;
    std::uint8_t sack_count = 0;

    bool has(std::uint8_t bits) const { return (control & bits) == bits; }
};

// Takes the header off the packet. nullopt: too short, or a data offset beyond the packet. Options that are malformed end
// the reading of options, no more. The checksum is not looked at.
std::optional<TcpSegment> parse_tcp(Packet& packet);

// Puts the header in front of the payload, its checksum zero. False, with the packet unchanged, when there is no headroom.
bool emit_tcp(const TcpSegment& segment, Packet& packet);

}  // namespace net
