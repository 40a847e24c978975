// Segments into a connection, from its SYN on, with time between them and a user who reads, writes and closes. Nothing may
// crash, hang, keep packets for ever, or promise more than the ring holds.
//
// Input: steps; the first byte of each says what. Numbers of segments are given relative to what the connection expects, so
// that the fuzzer gets behind the checks.
#include <cstdlib>
#include <cstring>

#include "net/checksum.h"
#include "net/ip/interface.h"
#include "net/transport/tcp.h"
#include "tests/host/host.h"
#include "tests/host/no_link.h"

namespace {

using namespace net;

constexpr Ipv4Address kOurs{10, 0, 0, 1}, kPeers{10, 0, 0, 2};
constexpr std::size_t kRing = 12;
alignas(64) std::byte memory[64 * PacketBuffer::kStride];

class Counter final : public Random {
  public:
    void fill(util::MutableBytes target) override {
        for (auto& byte : target) byte = std::byte(last_ += 73);
    }

  private:
    std::uint8_t last_ = 0;
};

class Service final : public Ipv4Service {
  public:
    explicit Service(PacketPool& pool) : pool_(pool) {}
    util::Result<Ipv4Route> route(Ipv4Address) override {
        Ipv4Route route;
        route.source = kOurs;
        route.next_hop = kPeers;
        route.mtu = mtu;
        route.receive_capacity = kRing;
        return route;
    }
    void send(const Ipv4Route&, Ipv4Address, std::uint8_t, Packet&& payload) override {
        auto segment = parse_tcp(payload);
        if (!segment) std::abort();
        if (segment->has(tcp_control::kSyn)) {
            port = segment->source_port;
            if (segment->window_shift != 0) std::abort();  // the ring is small
        }
        end = segment->sequence + static_cast<std::uint32_t>(payload.size());
        if (segment->has(tcp_control::kAck)) expected = segment->acknowledgment;
        if (segment->window > kRing * 1460) std::abort();
    }
    PacketPool& packets() override { return pool_; }

    std::uint16_t mtu = 1500, port = 0;
    TcpSequence end, expected{0x7ffffff0};

  private:
    PacketPool& pool_;
    host::NoLink link_;

  public:
    Interface interface{link_, 0, pool_};
};

void give(Service& service, Tcp& tcp, util::Reader& input, util::Instant now) {
    TcpSegment segment;
    segment.source_port = 3260;
    segment.destination_port = service.port;
    segment.control = input.u8();
    segment.sequence = service.expected + static_cast<std::uint32_t>(static_cast<std::int16_t>(input.be16()));
    segment.acknowledgment = service.end + static_cast<std::uint32_t>(static_cast<std::int16_t>(input.be16()));
    segment.window = input.be16();
    std::uint8_t options = input.u8();
    if (options & 1) segment.timestamps = TcpTimestamps{input.be16(), input.be16()};
    if (options & 2) segment.mss = input.be16();
    if (options & 4) segment.window_shift = input.u8();
    if (options & 8) segment.sack_permitted = true;
    for (unsigned i = options >> 6; i; --i) {
        TcpSequence begin = service.end - input.be16();
        segment.sack_blocks[segment.sack_count++] = {begin, begin + input.be16()};
    }
    std::size_t size = std::min<std::size_t>(input.be16() & 0x7ff, 1460);
    Packet packet = service.packets().allocate();
    if (!packet) return;
    auto payload = packet.append(size);
    if (size) std::memset(payload.data(), 'x', size);
    if (!emit_tcp(segment, packet)) return;
    packet.buffer().checksum = Checksum::Verified;
    tcp.receive({&service.interface, kPeers, kOurs, false, std::move(packet)}, now);
}

void give_error(Service& service, Tcp& tcp, util::Reader& input, util::Instant now) {
    TcpHeader quoted{};
    quoted.source_port = service.port;
    quoted.destination_port = 3260;
    quoted.sequence_number = (service.end - input.u8()).value();
    service.mtu = static_cast<std::uint16_t>(552 + input.be16() % 949);
    Ipv4Error error{static_cast<Ipv4Error::Kind>(input.u8() % 4), kPeers, service.mtu,
                    std::as_bytes(std::span(&quoted, 1)).first(8)};
    if (tcp.owns(error)) tcp.error(error, now);
}

void step(Service& service, Tcp& tcp, Stream& stream, util::Reader& input, util::Loop& loop) {
    static const std::byte data[5000]{};
    switch (input.u8() % 8) {
        case 0:
        case 1:
        case 2: return give(service, tcp, input, loop.now());
        case 3: (void)stream.send(util::Bytes(data).first(input.be16() % sizeof data)); return;
        case 4: stream.consume(std::min<std::size_t>(input.be16(), stream.peek().size())); return;
        case 5: host::advance(util::Duration::milliseconds(input.be16())); break;
        case 6: return give_error(service, tcp, input, loop.now());
        case 7: (input.u8() & 15) ? void() : stream.close();
    }
    for (int i = 0; i < 3; ++i) loop.poll_once();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    host::reset();
    util::Loop loop;
    Counter random;
    PacketPool pool(memory);
    Service service(pool);
    Tcp tcp(service, loop, random);
    util::Reader input(std::as_bytes(std::span(data, size)));
    auto made = tcp.connect({kPeers, 3260});
    if (!made.ok()) std::abort();
    auto stream = made.take();
    if (input.u8() & 1) {
        // Half of the inputs begin with a connection that is made.
        TcpSegment answer;
        answer.source_port = 3260;
        answer.destination_port = service.port;
        answer.control = tcp_control::kSyn | tcp_control::kAck;
        answer.sequence = service.expected - 1;
        answer.acknowledgment = service.end + 1;
        answer.window = 8000;
        answer.mss = 1460;
        answer.sack_permitted = true;
        Packet packet = pool.allocate();
        if (!emit_tcp(answer, packet)) std::abort();
        packet.buffer().checksum = Checksum::Verified;
        tcp.receive({&service.interface, kPeers, kOurs, false, std::move(packet)}, loop.now());
        service.end = answer.acknowledgment;
    }
    for (int i = 0; i < 300 && input.remaining(); ++i) step(service, tcp, *stream, input, loop);
    stream.reset();
    for (int i = 0; i < 60 && tcp.connection_count(); ++i) {
        host::advance(util::Duration::seconds(1));
        loop.poll_once();
    }
    if (tcp.connection_count()) std::abort();
    if (pool.available() != pool.total()) std::abort();
    return 0;
}
