// UDP header (RFC 768).
#pragma once

#include "net/address.h"

namespace net {

struct UdpHeader {
    util::Be16 source_port, destination_port;
    util::Be16 length;
    util::Be16 checksum;  // 0: none was made
};
static_assert(sizeof(UdpHeader) == 8 && util::WireStruct<UdpHeader>);

}  // namespace net
