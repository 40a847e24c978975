#include "net/stack.h"

namespace net {

Stack::Stack(util::Loop& loop, PacketPool& packets, Random& random)
    : loop_(loop), packets_(packets), random_(random), ipv4_(packets, random), icmp_(ipv4_), udp_(ipv4_, icmp_, random) {
    ipv4_.set_protocol(Udp::kProtocol, udp_);
    ipv4_.set_protocol(Icmp::kProtocol, icmp_);
    loop.add(*this);
}

Stack::~Stack() = default;

util::Result<Interface*> Stack::add(Link& link) { return ipv4_.add(link); }

Interface* Stack::find_interface(std::string_view name) {
    for (const auto& interface : ipv4_.interfaces())
        if (interface->name() == name) return interface.get();
    return nullptr;
}

bool Stack::poll(util::Instant now) { return ipv4_.poll(now); }
util::Instant Stack::poll_at() const { return ipv4_.poll_at(); }

}  // namespace net
