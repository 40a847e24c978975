#include "net/tls/der.h"

namespace net {

DerItem DerReader::next() {
    constexpr std::uint8_t kLongTag = 0x1f, kLongLength = 0x80, kMostLengthBytes = 4;
    util::Bytes all = reader_.rest();
    DerItem item{reader_.u8(), {}, {}};
    std::uint32_t length = reader_.u8();
    if (length >= kLongLength) {
        std::uint32_t count = length - kLongLength;
        if (!count || count > kMostLengthBytes) reader_.fail();
        length = 0;
        for (std::uint32_t i = 0; i < count && reader_.ok(); ++i) {
            length = length << 8 | reader_.u8();
            if (!length) reader_.fail();  // zeros in front
        }
        if (length < kLongLength) reader_.fail();
    }
    if ((item.tag & kLongTag) == kLongTag) reader_.fail();
    item.content = reader_.bytes(length);
    if (!reader_.ok()) return {};
    item.whole = all.first(all.size() - reader_.remaining());
    return item;
}

DerItem DerReader::expect(std::uint8_t tag) {
    DerItem item = next();
    if (item.tag == tag) return item;
    reader_.fail();
    return {};
}

bool DerReader::is_next(std::uint8_t tag) const {
    util::Bytes rest = reader_.rest();
    return !rest.empty() && rest[0] == std::byte{tag};
}

util::Bytes der_magnitude(util::Bytes integer) {
    if (integer.empty() || (integer[0] & std::byte{0x80}) != std::byte{0}) return {};
    while (!integer.empty() && integer[0] == std::byte{0}) integer = integer.subspan(1);
    return integer;
}

util::Bytes der_whole_bits(util::Bytes bit_string) {
    if (bit_string.empty() || bit_string[0] != std::byte{0}) return {};
    return bit_string.subspan(1);
}

}  // namespace net
