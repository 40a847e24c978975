#include "net/checksum.h"

#include <bit>
#include <cstring>

namespace net {
namespace {

static_assert(std::endian::native == std::endian::little);

std::uint32_t load(const std::byte* at) {
    std::uint32_t word;
    std::memcpy(&word, at, sizeof word);
    return word;
}

// 2^32 counts as 1 in one's complement.
std::uint32_t fold(std::uint64_t sum) {
    sum = static_cast<std::uint32_t>(sum) + (sum >> 32);
    return static_cast<std::uint32_t>(sum) + static_cast<std::uint32_t>(sum >> 32);
}

std::uint16_t fold_to_16(std::uint32_t sum) {
    sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(sum + (sum >> 16));
}

}  // namespace

std::uint32_t checksum_add(std::uint32_t start, util::Bytes data) {
    const std::byte* at = data.data();
    std::size_t left = data.size();
    std::uint64_t sum = start;  // on 32 bits: ADD and ADC 0 for each word, and no branch
    for (; left >= 32; left -= 32, at += 32) {
        sum += load(at);
        sum += load(at + 4);
        sum += load(at + 8);
        sum += load(at + 12);
        sum += load(at + 16);
        sum += load(at + 20);
        sum += load(at + 24);
        sum += load(at + 28);
    }
    for (; left >= 4; left -= 4, at += 4) sum += load(at);
    for (unsigned shift = 0; left; --left, ++at, shift += 8) sum += std::to_integer<std::uint32_t>(*at) << shift;
    return fold(sum);
}

std::uint32_t checksum_add_pseudo_header(std::uint32_t start, Ipv4Address source, Ipv4Address destination,
                                         std::uint8_t protocol, std::uint16_t length) {
    std::uint64_t sum = start;
    sum += source.raw();
    sum += destination.raw();
    sum += std::uint32_t{protocol} << 8;
    sum += util::in_order<std::endian::big>(length);
    return fold(sum);
}

std::uint16_t checksum_field(std::uint32_t sum) {
    return static_cast<std::uint16_t>(~checksum_partial(sum));
}

std::uint16_t checksum_partial(std::uint32_t sum) {
    return util::in_order<std::endian::big>(fold_to_16(sum));
}

void complete_checksum(Packet& packet) {
    PacketBuffer& buffer = packet.buffer();
    if (buffer.checksum != Checksum::Offload) return;
    buffer.checksum = Checksum::Unknown;
    ASSERT(buffer.checksum_start <= packet.size());
    util::MutableBytes summed = packet.data().subspan(buffer.checksum_start);
    ASSERT(buffer.checksum_offset + sizeof(util::Be16) <= summed.size());
    util::Be16 field(checksum_of(summed));
    std::memcpy(summed.data() + buffer.checksum_offset, &field, sizeof field);
}

}  // namespace net
