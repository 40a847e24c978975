// The DHCP client against servers that say anything. The input is a script of replies: each has what to do in its
// first byte (time that passes, link, conflict), an address, and options up to a length. Header fields that would only
// have a reply dropped are right.
#include <cstdint>

#include "net/config/dhcp.h"
#include "tests/host/host.h"

namespace {

class Ones final : public net::Random {
  public:
    void fill(util::MutableBytes target) override { std::memset(target.data(), 0x11, target.size()); }
};

class Port final : public net::DhcpPort {
  public:
    std::string_view name() const override { return "net0"; }
    net::MacAddress mac() const override { return {{2, 0, 0, 0, 0, 1}}; }
    bool link_up() const override { return link; }
    bool needs_broadcast() const override { return false; }
    bool send(net::Ipv4Address, net::Ipv4Address, util::Bytes message) override {
        ASSERT(net::parse_dhcp(message));
        ++sent;
        return true;
    }
    Received receive() override { return {std::move(waiting), net::Ipv4Address(10, 0, 2, 2)}; }
    void probe(net::Ipv4Address, util::Instant) override {}
    std::optional<net::MacAddress> conflict() const override {
        return in_use ? std::optional(net::MacAddress{{2, 0, 0, 0, 0, 9}}) : std::nullopt;
    }
    void configure(const net::DhcpLease& lease) override {
        ASSERT(!lease.address.is_unspecified() && !lease.address.is_multicast() && !lease.address.is_loopback());
        ASSERT(lease.renewal <= lease.rebinding && lease.rebinding <= lease.duration);
    }
    void deconfigure() override {}

    bool link = true, in_use = false;
    unsigned sent = 0;
    net::Packet waiting;
};

constexpr std::uint32_t kXid = 0x11111111;

void put(Port& port, net::PacketPool& pool, net::Ipv4Address address, util::Bytes options) {
    std::byte buffer[1200];
    util::Writer out(buffer);
    net::DhcpHeader header;
    header.op = net::kBootReply;
    header.htype = net::kHardwareEthernet;
    header.hlen = 6;
    header.xid = kXid;
    header.yiaddr = address;
    auto mac = port.mac();
    std::memcpy(header.chaddr, &mac, sizeof mac);
    out.put_struct(header);
    out.be32(net::kDhcpMagic);
    out.bytes(options);
    port.waiting = pool.allocate();
    auto target = port.waiting.append(out.size());
    std::memcpy(target.data(), buffer, out.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    host::reset();
    alignas(64) static std::byte memory[4 * net::PacketBuffer::kStride];
    net::PacketPool pool(memory);
    Port port;
    Ones random;
    net::DhcpClient client(port, random);
    util::Instant now;
    client.start({}, now).take();
    util::Reader reader(std::as_bytes(std::span(data, size)));
    unsigned steps = 0;
    for (; reader.remaining() && steps < 200; ++steps) {
        std::uint8_t what = reader.u8();
        port.link = !(what & 1);
        port.in_use = what & 2;
        if (what & 4) now = now + util::Duration::milliseconds(100 << (what >> 4));
        auto address = reader.take<net::Ipv4Address>();
        std::size_t length = std::min<std::size_t>(reader.be16() % 800, reader.remaining());
        put(port, pool, address, reader.bytes(length));
        for (int round = 0; client.poll(now); ++round) ASSERT(round < 20);
        ASSERT(client.poll_at() > now || client.state() == net::DhcpClient::State::Failed);
        if (client.has_lease()) (void)client.lease().filename();
    }
    // Nothing that a server says makes the client talk for ever.
    ASSERT(port.sent <= 4 * steps + 4);
    return 0;
}
