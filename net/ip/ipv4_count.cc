// Whether IPv4's statistics are kept: only images with `ipstat` do.
#include "embed/select_rows.h"
#include "net/ip/ipv4.h"

namespace net {

void count(std::uint32_t& counter, std::size_t amount) {
    if constexpr (embed::has_feature(embed::kSelection, "tools")) counter += static_cast<std::uint32_t>(amount);
}

}  // namespace net
