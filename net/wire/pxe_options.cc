#include "net/wire/pxe_options.h"

#include <cstring>

namespace net {

bool PxeServerWalker::next() {
    if (!reader_.remaining()) return false;
    type_ = reader_.be16();
    addresses_ = reader_.bytes(reader_.u8() * sizeof(Ipv4Address));
    return reader_.ok();
}

Ipv4Address PxeServerWalker::address(std::size_t index) const {
    return util::Reader(addresses_.subspan(index * sizeof(Ipv4Address))).take<Ipv4Address>();
}

bool PxeMenuWalker::next() {
    if (!reader_.remaining()) return false;
    type_ = reader_.be16();
    text_ = util::as_text(reader_.bytes(reader_.u8()));
    return reader_.ok();
}

bool PxeOptions::accepts(std::uint16_t type, Ipv4Address server) const {
    if (!(control & kListedOnly)) return true;
    for (PxeServerWalker walker(servers); walker.next();) {
        if (walker.type() != type) continue;
        if (walker.count() == 0) return true;
        for (std::size_t i = 0; i < walker.count(); ++i)
            if (walker.address(i) == server) return true;
    }
    return false;
}

PxeOptions read_pxe_options(const DhcpMessage& message) {
    PxeOptions options;
    if (!message.options.text(dhcp_option::kVendorClass).starts_with(kPxeClient)) return options;
    util::Bytes inside = message.options.find(dhcp_option::kVendorSpecific).value_or(util::Bytes{});
    for (DhcpOptionWalker walker(inside); walker.next();) {
        util::Reader reader(walker.value());
        bool known = true;
        switch (walker.tag()) {
            case pxe_option::kDiscoveryControl: options.control = reader.u8(); break;
            case pxe_option::kMulticastAddress: options.multicast = reader.take<Ipv4Address>(); break;
            case pxe_option::kBootServers: options.servers = walker.value(); break;
            case pxe_option::kBootMenu: options.menu = walker.value(); break;
            case pxe_option::kMenuPrompt:
                options.has_prompt = true;
                options.timeout = reader.u8();
                options.prompt = text_until_nul(reader.rest());
                break;
            case pxe_option::kBootItem: {
                auto item = reader.take<PxeBootItem>();
                if (reader.ok()) options.item = item;
                break;
            }
            default: known = false;
        }
        options.any |= known;
    }
    return options;
}

}  // namespace net
