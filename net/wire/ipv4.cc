#include "net/wire/ipv4.h"

#include "net/checksum.h"

namespace net {

Ipv4HeaderError check_ipv4_header(util::Bytes data, Checksum checksum) {
    const auto* header = util::view_as<Ipv4Header>(data);
    if (!header || header->version_ihl >> 4 != 4) return Ipv4HeaderError::Broken;
    std::size_t header_size = header->header_size();
    std::size_t total = header->total_length;
    if (header_size < sizeof(Ipv4Header) || total < header_size || total > data.size()) return Ipv4HeaderError::Broken;
    if (checksum != Checksum::Verified && checksum_of(data.first(header_size)) != 0) return Ipv4HeaderError::Checksum;
    return Ipv4HeaderError::None;
}

}  // namespace net
