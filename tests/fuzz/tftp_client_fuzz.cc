// The TFTP client against a server that says anything. The input is a script: a byte of what to do (port, time that
// passes), a length, and the packet.
#include <cstdint>

#include "net/fetch/tftp.h"
#include "tests/host/host.h"

namespace {

class Socket final : public net::DatagramSocket {
  public:
    void send(const net::Ipv4Endpoint&, util::Bytes payload) override {
        ASSERT(!payload.empty());
        ++sent;
    }
    Received receive() override { return std::move(waiting); }
    bool refused() const override { return false; }
    Received waiting;
    unsigned sent = 0;
};

class Count final : public net::FetchSink {
  public:
    util::Result<void> begin(std::optional<std::uint64_t>) override {
        ASSERT(!begun);
        begun = true;
        return {};
    }
    util::Result<void> write(util::Bytes data) override {
        ASSERT(begun);
        count += data.size();
        return {};
    }
    bool begun = false;
    std::size_t count = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    host::reset();
    alignas(64) static std::byte memory[4 * net::PacketBuffer::kStride];
    net::PacketPool pool(memory);
    Socket socket;
    Count sink;
    net::TftpTransfer transfer(socket, sink, {.mtu = 600, .receive_capacity = 8});
    util::Instant now;
    transfer.start({net::Ipv4Address(10, 0, 2, 2), net::kTftpPort}, "x", now).take();
    util::Reader reader(std::as_bytes(std::span(data, size)));
    unsigned steps = 0;
    for (; reader.remaining() && !transfer.done(); ++steps) {
        std::uint8_t what = reader.u8();
        if (what & 1) now = now + util::Duration::milliseconds(100 << (what >> 5));
        std::size_t length = std::min<std::size_t>(reader.be16() % 700, reader.remaining());
        util::Bytes packet = reader.bytes(length);
        socket.waiting.payload = pool.allocate();
        if (length) std::memcpy(socket.waiting.payload.append(length).data(), packet.data(), length);
        socket.waiting.remote = {net::Ipv4Address(10, 0, 2, 2), static_cast<std::uint16_t>(1000 + (what >> 1 & 1))};
        for (int round = 0; transfer.poll(now); ++round) ASSERT(round < 4);
    }
    ASSERT(sink.count <= size);
    ASSERT(socket.sent <= 2 * steps + 2);
    return 0;
}
