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

// A sum of many words: two instructions a word on 32 bits, ADD and ADC 0, which are cheap under emulation as well.
struct Sum {
    std::uint32_t low, carries = 0;

    [[gnu::always_inline]] void add(std::uint32_t word) { carries += __builtin_add_overflow(low, word, &low); }
    // 2^32 counts as 1 in one's complement.
    std::uint32_t folded() const {
        std::uint32_t sum = low + carries;
        return sum + (sum < carries);
    }
};

std::uint16_t fold_to_16(std::uint32_t sum) {
    sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(sum + (sum >> 16));
}

}  // namespace

std::uint32_t checksum_add(std::uint32_t start, util::Bytes data) {
    constexpr std::size_t kBlock = 32;
    const std::byte* at = data.data();
    std::size_t left = data.size();
    Sum sum{start};
    for (std::size_t blocks = left / kBlock; blocks; --blocks, at += kBlock) {
        sum.add(load(at));
        sum.add(load(at + 4));
        sum.add(load(at + 8));
        sum.add(load(at + 12));
        sum.add(load(at + 16));
        sum.add(load(at + 20));
        sum.add(load(at + 24));
        sum.add(load(at + 28));
    }
    left %= kBlock;
    for (; left >= 4; left -= 4, at += 4) sum.add(load(at));
    std::uint32_t last = 0;
    while (left) last = last << 8 | std::to_integer<std::uint32_t>(at[--left]);
    sum.add(last);
    return sum.folded();
}

std::uint32_t checksum_add_pseudo_header(std::uint32_t start, Ipv4Address source, Ipv4Address destination,
                                         std::uint8_t protocol, std::uint16_t length) {
    Sum sum{start};
    sum.add(source.raw());
    sum.add(destination.raw());
    sum.add(std::uint32_t{protocol} << 8);
    sum.add(util::in_order<std::endian::big>(length));
    return sum.folded();
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
