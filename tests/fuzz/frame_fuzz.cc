// Whole frames into a stack that is configured, has a socket, pings and probes: Ethernet, ARP, IPv4, ICMP and UDP.
//
// Input: frames, each as a length of two bytes and its bytes. A first byte of odd value lets the harness put right
// addresses and checksums in, so that what lies behind them is reached.
#include <algorithm>
#include <cstdlib>

#include "net/checksum.h"
#include "net/stack.h"
#include "net/wire/ethernet.h"
#include "tests/host/host.h"
#include "tests/host/virtual_wire.h"

namespace {

class Counter final : public net::Random {
  public:
    void fill(util::MutableBytes target) override {
        for (auto& byte : target) byte = std::byte(++last_);
    }

  private:
    std::uint8_t last_ = 0;
};

alignas(64) std::byte memory[32 * net::PacketBuffer::kStride];

void put(host::Frame& frame, std::size_t at, std::uint16_t value) {
    frame[at] = std::byte(value >> 8);
    frame[at + 1] = std::byte(value & 0xff);
}

// Makes frame pass the first checks: to our MAC, IPv4 header and ICMP checksums right.
void mend(host::Frame& frame, const net::MacAddress& mac) {
    if (frame.size() < sizeof(net::EthernetHeader)) return;
    std::copy_n(reinterpret_cast<const std::byte*>(mac.octets.data()), 6, frame.begin());
    util::MutableBytes packet = util::MutableBytes(frame).subspan(sizeof(net::EthernetHeader));
    auto* header = util::view_as<net::Ipv4Header>(packet);
    if (!header) return;
    header->total_length = static_cast<std::uint16_t>(packet.size());
    header->destination = net::Ipv4Address(10, 0, 0, 1);
    std::size_t size = header->header_size();
    if (size < sizeof *header || size > packet.size()) return;
    header->header_checksum = 0;
    header->header_checksum = net::checksum_of(packet.first(size));
    util::MutableBytes payload = packet.subspan(size);
    if (header->protocol != 1 || payload.size() < 8) return;
    std::size_t at = sizeof(net::EthernetHeader) + size + 2;
    put(frame, at, 0);
    put(frame, at, net::checksum_of(payload));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    host::reset();
    util::Loop loop;
    host::VirtualWire wire(loop);
    net::PacketPool pool(memory);
    {
        Counter random;
        host::WireEnd& end = wire.add_end(pool);
        net::Stack stack(loop, pool, random);
        net::Interface& interface = *stack.add(end).value();
        (void)interface.open();
        interface.configure({.address = net::Ipv4Address(10, 0, 0, 1),
                             .netmask = net::Ipv4Address(255, 255, 255, 0),
                             .gateway = net::Ipv4Address(10, 0, 0, 2),
                             .routes = {}});
        interface.start_probe(net::Ipv4Address(10, 0, 0, 9), loop.now());
        auto socket = net::UdpSocket::open(stack, 68).take();
        (void)socket->send({net::Ipv4Address(10, 0, 0, 3), 67}, util::as_bytes("hello"));
        (void)stack.icmp().send_echo(net::Ipv4Address(10, 0, 0, 3), 1, 1, 8);

        util::Reader reader(std::as_bytes(std::span(data, size)));
        bool mended = reader.u8() & 1;
        while (reader.remaining() > 2) {
            std::size_t length = std::min<std::size_t>(reader.be16(), reader.remaining());
            util::Bytes bytes = reader.bytes(length);
            host::Frame frame(bytes.begin(), bytes.end());
            if (mended) mend(frame, interface.mac());
            end.inject(frame);
            loop.poll_once();
            host::advance(util::Duration::milliseconds(100));
        }
        while (auto datagram = socket->receive()) ASSERT(datagram->payload.size() < 2048);
        (void)loop.sleep(util::Duration::seconds(60));
    }
    ASSERT(pool.available() == pool.total());
    return 0;
}
