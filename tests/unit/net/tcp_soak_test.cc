// TCP over whole stacks and a wire that loses, doubles, reorders and corrupts: what arrives is what was sent, the window
// keeps below the ring, and no packet is lost from the pool. Each run has its seed.
#include "net/transport/tcp.h"
#include "tests/unit/net/tcp_test_server.h"

namespace net {

struct SoakCase {
    const char* name;
    host::WireFaults faults;
    std::size_t ring = 256;
    std::int64_t delay_us = 200;
    std::size_t size = 300'000;
    bool selective = false;  // the server acknowledges selectively
};

void PrintTo(const SoakCase& soak, std::ostream* stream) { *stream << soak.name; }

class TcpSoak : public testing::TestWithParam<SoakCase> {};

std::string pattern(std::size_t size, unsigned seed) {
    std::mt19937 random(seed);
    std::string text(size, '\0');
    for (char& c : text) c = static_cast<char>(random());
    return text;
}

TEST_P(TcpSoak, WhatArrivesIsWhatWasSentBothWays) {
    const SoakCase& soak = GetParam();
    for (unsigned seed = 1; seed <= 3; ++seed) {
        SCOPED_TRACE(seed);
        host::reset();
        util::Loop loop;
        host::VirtualWire wire(loop, seed);
        TestHost client(loop, wire, 1), machine(loop, wire, 2);
        TcpTestServer server(machine, loop);
        client.end.set_receive_ring(soak.ring);
        wire.set_delay(util::Duration::microseconds(soak.delay_us));
        wire.set_bandwidth(1'000'000'000);
        wire.set_faults(soak.faults);
        {
            Tcp tcp(client.stack, loop, client.random);
            client.stack.set_protocol(Tcp::kProtocol, tcp);
            auto stream = tcp.connect({Ipv4Address(10, 0, 0, 2), 3260}).take();
            server.to_send = pattern(soak.size, seed);
            server.close_at_end = true;
        server.selective = soak.selective;
            std::string up = pattern(soak.size / 2, seed + 100), down;
            std::size_t sent = 0;
            bool closed = false;
            auto result = loop.run_until(
                [&] {
                    sent += stream->send(util::as_bytes(std::string_view(up).substr(sent)));
                    while (!stream->peek().empty()) {
                        util::Bytes piece = stream->peek();
                        down += util::as_text(piece);
                        stream->consume(piece.size());
                    }
                    if (sent == up.size() && down.size() == server.to_send.size() && !closed) {
                        stream->close();
                        closed = true;
                    }
                    return stream->state() == Stream::State::Failed || (closed && stream->state() == Stream::State::Closed);
                },
                loop.now() + util::Duration::seconds(900));
            ASSERT_TRUE(result.ok()) << "took too long: down " << down.size() << ", up " << server.received.size();
            ASSERT_EQ(stream->state(), Stream::State::Closed) << stream->failure().text;
            EXPECT_TRUE(down == server.to_send) << "what came down differs";
            EXPECT_TRUE(server.received == up) << "what went up differs";
            EXPECT_LE(server.largest_flight, std::max<std::size_t>(soak.ring, 2) * 1460);
            EXPECT_EQ(client.end.overruns(), 0u) << "more was invited than the ring holds";
            stream.reset();
            (void)loop.run_until([&] { return tcp.connection_count() == 0; }, loop.now() + util::Duration::seconds(60));
            EXPECT_EQ(tcp.connection_count(), 0u);
            (void)loop.sleep(util::Duration::seconds(5));
        }
        EXPECT_EQ(client.packets.pool().available(), client.packets.pool().total()) << "packets were lost";
    }
}

INSTANTIATE_TEST_SUITE_P(
    Wires, TcpSoak,
    testing::Values(SoakCase{"clean", {}}, SoakCase{"small_ring", {}, 6}, SoakCase{"slow", {}, 64, 40'000},
                    SoakCase{"loss", {.loss = 20}}, SoakCase{"heavy_loss", {.loss = 120}, 256, 200, 60'000},
                    SoakCase{"duplication", {.duplication = 200}}, SoakCase{"corruption", {.corruption = 30}},
                    SoakCase{"reordering", {.reordering = 100}},
                    SoakCase{"selective_loss", {.loss = 20}, 256, 200, 2'000'000, true},
                    SoakCase{"selective_everything", {.loss = 50, .duplication = 30, .corruption = 10, .reordering = 50}, 24, 2000, 300'000, true},
                    SoakCase{"everything", {.loss = 20, .duplication = 30, .corruption = 10, .reordering = 50}, 24, 2000, 150'000}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace net
