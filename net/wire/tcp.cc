#include "net/wire/tcp.h"

#include <cstring>

namespace net {

namespace {

// Option kinds: RFC 9293 section 3.2, RFC 7323, RFC 2018.
constexpr std::uint8_t kEnd = 0, kNoOperation = 1, kMss = 2, kWindowScale = 3, kSackPermitted = 4, kSack = 5,
                       kTimestamps = 8;

void parse_sack(util::Reader& option, TcpSegment& segment) {
    while (option.remaining() >= 8 && segment.sack_count < TcpSegment::kMaximumSackBlocks) {
        TcpSequence begin{option.be32()};
        TcpSequence end{option.be32()};
        if (begin < end) segment.sack_blocks[segment.sack_count++] = {begin, end};
    }
}

void parse_option(std::uint8_t kind, util::Bytes body, TcpSegment& segment) {
    util::Reader option(body);
    if (kind == kMss && body.size() == 2) segment.mss = option.be16();
    if (kind == kWindowScale && body.size() == 1)
        segment.window_shift = std::min<std::uint8_t>(option.u8(), TcpSegment::kMaximumWindowShift);
    if (kind == kSackPermitted && body.empty()) segment.sack_permitted = true;
    if (kind == kSack) parse_sack(option, segment);
    if (kind == kTimestamps && body.size() == 8) {
        std::uint32_t value = option.be32();
        segment.timestamps = TcpTimestamps{value, option.be32()};
    }
}

void parse_options(util::Bytes bytes, TcpSegment& segment) {
    util::Reader reader(bytes);
    while (reader.remaining()) {
        std::uint8_t kind = reader.u8();
        if (kind == kEnd) return;
        if (kind == kNoOperation) continue;
        std::uint8_t length = reader.u8();
        if (length < 2) return;
        util::Bytes body = reader.bytes(length - 2u);
        if (!reader.ok()) return;
        parse_option(kind, body, segment);
    }
}

std::size_t write_options(const TcpSegment& segment, util::MutableBytes target) {
    util::Writer writer(target);
    if (segment.mss) {
        writer.u8(kMss);
        writer.u8(4);
        writer.be16(*segment.mss);
    }
    if (segment.window_shift) {
        writer.u8(kNoOperation);
        writer.u8(kWindowScale);
        writer.u8(3);
        writer.u8(*segment.window_shift);
    }
    if (segment.sack_permitted) {
        writer.be16(kNoOperation << 8 | kNoOperation);
        writer.u8(kSackPermitted);
        writer.u8(2);
    }
    if (segment.timestamps) {
        writer.be16(kNoOperation << 8 | kNoOperation);
        writer.u8(kTimestamps);
        writer.u8(10);
        writer.be32(segment.timestamps->value);
        writer.be32(segment.timestamps->echo);
    }
    // Three blocks beside timestamps, four without.
    std::size_t blocks = std::min<std::size_t>(segment.sack_count, (writer.room() - 4) / 8);
    if (segment.sack_count && blocks) {
        writer.be16(kNoOperation << 8 | kNoOperation);
        writer.u8(kSack);
        writer.u8(static_cast<std::uint8_t>(2 + 8 * blocks));
        for (std::size_t i = 0; i < blocks; ++i) {
            writer.be32(segment.sack_blocks[i].begin.value());
            writer.be32(segment.sack_blocks[i].end.value());
        }
    }
    return writer.size();
}

}  // namespace

std::optional<TcpSegment> parse_tcp(Packet& packet) {
    util::Reader reader(packet.data());
    auto header = reader.take<TcpHeader>();
    std::size_t length = (header.data_offset >> 4) * 4u;
    if (!reader.ok() || length < sizeof(TcpHeader) || length > packet.size()) return std::nullopt;

    TcpSegment segment;
    segment.source_port = header.source_port;
    segment.destination_port = header.destination_port;
    segment.sequence = TcpSequence(header.sequence_number);
    segment.acknowledgment = TcpSequence(header.acknowledgment_number);
    segment.control = header.control_bits;
    segment.window = header.window;
    parse_options(reader.bytes(length - sizeof(TcpHeader)), segment);
    packet.pull(length);
    return segment;
}

bool emit_tcp(const TcpSegment& segment, Packet& packet) {
    util::Buffer<40> options;
    std::size_t options_size = write_options(segment, options);
    util::MutableBytes target = packet.push(sizeof(TcpHeader) + options_size);
    if (target.empty()) return false;

    TcpHeader header{};
    header.source_port = segment.source_port;
    header.destination_port = segment.destination_port;
    header.sequence_number = segment.sequence.value();
    header.acknowledgment_number = segment.acknowledgment.value();
    header.data_offset = static_cast<std::uint8_t>((sizeof(TcpHeader) + options_size) / 4 << 4);
    header.control_bits = segment.control;
    header.window = segment.window;
    std::memcpy(target.data(), &header, sizeof header);
    if (options_size) std::memcpy(target.data() + sizeof header, options.all().data(), options_size);
    return true;
}

}  // namespace net
