#include "util/tools/lint/firmware.h"

#include <algorithm>
#include <cctype>

#include "net/transport/udp_datagrams.h"
#include "scripts/settings/scope_table.h"
#include "scripts/system.h"

namespace lint {

namespace {

struct NoRandom final : net::Random {
    void fill(util::MutableBytes target) override { std::ranges::fill(target, std::byte{}); }
};
struct NoConnector final : net::Connector {
    util::Result<util::Owned<net::Stream>> connect(const net::Ipv4Endpoint&) override { return net::kNoRoute; }
};

struct Firmware {
    alignas(64) std::byte memory[16 * net::PacketBuffer::kStride];
    util::Loop loop;
    NoRandom random;
    NoConnector connector;
    net::PacketPool packets{memory};
    net::Stack stack{loop, packets, random};
    net::UdpDatagrams datagrams{stack};
    san::DriveTable drives{loop};
    scripts::System system{{loop, stack, connector, datagrams, random, drives}};
    Firmware() { ASSERT(system.start().ok()); }
};

// Takes the digits off the front; false: there are none.
bool take_number(std::string_view& text) {
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
    text.remove_prefix(digits);
    return digits;
}

}  // namespace

scripts::System& firmware() {
    static Firmware instance;
    return instance.system;
}

bool is_interface(std::string_view name) {
    if (name == "netX") return true;
    if (!name.starts_with("net")) return false;
    name.remove_prefix(3);
    if (!take_number(name)) return false;
    if (name.empty()) return true;
    if (name[0] != '-') return false;
    name.remove_prefix(1);
    return take_number(name) && name.empty();
}

bool is_scope(std::string_view scope) {
    if (scope == "dhcp" || is_interface(scope.substr(0, scope.find('.')))) return true;
    return firmware().settings.find_scope(scope) || scripts::find_scope_row(scope);
}

}  // namespace lint
