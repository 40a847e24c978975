// What a received segment costs: full ones in order, as a large read brings them, with their acknowledgments; and what a sent
// one costs.
#include <benchmark/benchmark.h>

#include <cstring>
#include <vector>

#include "net/checksum.h"
#include "net/ip/interface.h"
#include "net/transport/tcp.h"
#include "tests/host/host.h"
#include "tests/host/no_link.h"

namespace {

using namespace net;

constexpr Ipv4Address kOurs{10, 0, 0, 1}, kPeers{10, 0, 0, 2};
constexpr std::size_t kSize = 1448;
alignas(64) std::byte memory[512 * PacketBuffer::kStride];

class Counter final : public Random {
  public:
    void fill(util::MutableBytes target) override {
        for (auto& byte : target) byte = std::byte(++last_);
    }

  private:
    std::uint8_t last_ = 0;
};

class Sink final : public Ipv4Service {
  public:
    util::Result<Ipv4Route> route(Ipv4Address) override {
        Ipv4Route route;
        route.source = kOurs;
        route.next_hop = kPeers;
        route.receive_capacity = 128;
        route.checksum_offload = true;
        return route;
    }
    void send(const Ipv4Route&, Ipv4Address, std::uint8_t, Packet&& packet) override {
        ++frames;
        if (auto segment = parse_tcp(packet)) {
            port = segment->source_port;
            next = segment->sequence + static_cast<std::uint32_t>(packet.size());
        }
    }
    PacketPool& packets() override { return pool; }

    PacketPool pool{memory};
    std::uint16_t port = 0;
    TcpSequence next;
    std::size_t frames = 0;
};

struct Connection {
    Connection() {
        host::reset();
        stream = tcp.connect({kPeers, 3260}).take();
        TcpSegment answer = segment(tcp_control::kSyn | tcp_control::kAck);
        answer.acknowledgment = sink.next + 1;
        answer.mss = 1460;
        answer.window_shift = 7;
        give(answer, 0);
        theirs = theirs + 1;
    }
    TcpSegment segment(std::uint8_t control) {
        TcpSegment s;
        s.source_port = 3260;
        s.destination_port = sink.port;
        s.sequence = theirs;
        s.acknowledgment = sink.next;
        s.control = control;
        s.window = 0xffff;
        s.timestamps = TcpTimestamps{1, 1};
        return s;
    }
    void give(const TcpSegment& s, std::size_t size) {
        Packet packet = sink.pool.allocate();
        packet.append(size);
        emit_tcp(s, packet);
        packet.buffer().checksum = Checksum::Verified;
        tcp.receive({&interface, kPeers, kOurs, false, std::move(packet)}, util::Instant());
    }

    util::Loop loop;
    Counter random;
    Sink sink;
    host::NoLink link;
    Interface interface{link, 0, sink.pool};
    Tcp tcp{sink, loop, random};
    util::Owned<Stream> stream;
    TcpSequence theirs;
};

void TcpReceive(benchmark::State& state) {
    Connection connection;
    auto batch = static_cast<std::size_t>(state.range(0));
    std::vector<std::byte> place(batch * kSize);
    std::size_t frames = connection.sink.frames;
    for (auto _ : state) {
        for (std::size_t i = 0; i < batch; ++i) {
            connection.give(connection.segment(tcp_control::kAck), kSize);
            connection.theirs = connection.theirs + kSize;
        }
        connection.loop.poll_once();
        if (connection.stream->receive(place) != place.size()) state.SkipWithError("data is missing");
        connection.loop.poll_once();
    }
    auto segments = static_cast<double>(state.iterations()) * static_cast<double>(batch);
    state.SetItemsProcessed(static_cast<std::int64_t>(segments));
    state.SetBytesProcessed(static_cast<std::int64_t>(segments) * static_cast<std::int64_t>(kSize));
    state.counters["frames_sent_per_segment"] = static_cast<double>(connection.sink.frames - frames) / segments;
    connection.stream.reset();
    for (int i = 0; i < 60 && connection.tcp.connection_count(); ++i) {
        host::advance(util::Duration::seconds(1));
        connection.loop.poll_once();
    }
}
BENCHMARK(TcpReceive)->Arg(1)->Arg(8)->Arg(45);

void TcpSend(benchmark::State& state) {
    Connection connection;
    std::vector<std::byte> data(8 * kSize);
    for (auto _ : state) {
        if (connection.stream->send(data) != data.size()) state.SkipWithError("nothing was taken");
        connection.loop.poll_once();
        connection.give(connection.segment(tcp_control::kAck), 0);
    }
    state.SetItemsProcessed(state.iterations() * 8);
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(data.size()));
    connection.stream.reset();
    for (int i = 0; i < 60 && connection.tcp.connection_count(); ++i) {
        host::advance(util::Duration::seconds(1));
        connection.loop.poll_once();
    }
}
BENCHMARK(TcpSend);

}  // namespace
