// The whole stack behind libslirp's user network: DHCP, ping, and TCP to a server on the host's loopback. Set SANPIPER_PCAP to a file name to see the frames.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <random>
#include <thread>

#include "net/config/dhcp.h"
#include "net/config/dhcp_interface.h"
#include "net/stack.h"
#include "net/transport/tcp.h"
#include "tests/host/host.h"
#include "tests/host/slirp_link.h"

namespace {

using util::Duration;

constexpr net::Ipv4Address kHost{10, 0, 2, 2};

class Entropy final : public net::Random {
  public:
    void fill(util::MutableBytes target) override {
        for (auto& byte : target) byte = static_cast<std::byte>(device_());
    }

  private:
    std::random_device device_;
};

std::byte pattern(std::size_t at) { return static_cast<std::byte>(at * 7 + at / 251); }

// A TCP server on loopback that serves one connection in a thread.
class Server {
  public:
    template <class Story>
    explicit Server(Story story) {
        listener_ = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
        EXPECT_EQ(listen(listener_, 1), 0);
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this, story] {
            int connection = accept(listener_, nullptr, nullptr);
            if (connection < 0) return;
            story(connection);
            close(connection);
        });
    }
    ~Server() {
        shutdown(listener_, SHUT_RDWR);
        thread_.join();
        close(listener_);
    }
    std::uint16_t port() const { return port_; }

  private:
    int listener_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

class StackOverSlirp : public testing::Test {
  protected:
    StackOverSlirp() {
        if (const char* path = std::getenv("SANPIPER_PCAP")) options.capture = path;
        options.boot_file = "boot.script";
    }
    void start() {
        link = std::make_unique<host::SlirpLink>(pool, options);
        stack.set_protocol(net::Tcp::kProtocol, tcp);
        interface = stack.add(*link).value();
        ASSERT_TRUE(interface->open().ok());
    }
    void start_with_address() {
        start();
        interface->configure({.address = net::Ipv4Address(10, 0, 2, 15),
                              .netmask = net::Ipv4Address(255, 255, 255, 0),
                              .gateway = kHost,
                              .routes = {}});
    }
    bool wait(auto condition, Duration limit = Duration::seconds(20)) {
        return loop.run_until(condition, loop.now() + limit).ok();
    }

    host::SlirpOptions options;
    std::vector<std::byte> memory = std::vector<std::byte>(512 * net::PacketBuffer::kStride + 64);
    net::PacketPool pool{aligned()};
    Entropy random;
    util::Loop loop;
    std::unique_ptr<host::SlirpLink> link;
    net::Stack stack{loop, pool, random};
    net::Tcp tcp{stack, loop, random};
    net::Interface* interface = nullptr;

  private:
    util::MutableBytes aligned() {
        void* at = memory.data();
        std::size_t room = memory.size();
        std::align(64, memory.size() - 64, at, room);
        return {static_cast<std::byte*>(at), memory.size() - 64};
    }
};

TEST_F(StackOverSlirp, DhcpGivesAnAddressInOneRoundTripForEachMessage) {
    start();
    net::DhcpInterface port(stack, *interface);
    ASSERT_TRUE(port.open().ok());
    net::DhcpClient client(port, random);
    loop.add(client);
    ASSERT_TRUE(client.start({}, loop.now()).ok());
    util::Instant begin = loop.now();
    ASSERT_TRUE(wait([&] { return client.finished(); }));
    ASSERT_TRUE(client.has_lease());
    EXPECT_EQ(client.lease().address, net::Ipv4Address(10, 0, 2, 15));
    EXPECT_EQ(client.lease().filename(), "boot.script");
    ASSERT_NE(interface->config(), nullptr);
    EXPECT_EQ(interface->config()->gateway, kHost);
    EXPECT_LT((loop.now() - begin).ms(), 500);
}

TEST_F(StackOverSlirp, PingIsAnsweredByTheGateway) {
    start_with_address();
    ASSERT_TRUE(stack.icmp().send_echo(kHost, 1, 1, 56).ok());
    EXPECT_TRUE(wait([&] { return stack.icmp().echo_reply().has_value(); }));
}

// libslirp sends its whole window in one burst: the window must fit the ring.
class StackOverSlirpWithRing : public StackOverSlirp, public testing::WithParamInterface<std::size_t> {};

TEST_P(StackOverSlirpWithRing, TcpReadsMegabytesInOrderWithoutOverrunningTheRing) {
    constexpr std::size_t kSize = 8 << 20;
    Server server([](int connection) {
        std::vector<std::byte> data(kSize);
        for (std::size_t i = 0; i < kSize; ++i) data[i] = pattern(i);
        for (std::size_t sent = 0; sent < kSize;) {
            ssize_t done = write(connection, data.data() + sent, kSize - sent);
            if (done <= 0) return;
            sent += static_cast<std::size_t>(done);
        }
    });
    options.receive_ring = GetParam();
    start_with_address();
    auto stream = tcp.connect({kHost, server.port()}).take();
    std::size_t received = 0;
    bool right = true;
    EXPECT_TRUE(wait([&] {
        for (util::Bytes piece = stream->peek(); !piece.empty(); piece = stream->peek()) {
            for (std::byte byte : piece) right &= byte == pattern(received++);
            stream->consume(piece.size());
        }
        return received >= kSize || stream->state() == net::Stream::State::Failed;
    }));
    EXPECT_EQ(received, kSize);
    EXPECT_TRUE(right);
    EXPECT_EQ(link->overruns(), 0u);
    EXPECT_TRUE(wait([&] { return stream->state() == net::Stream::State::PeerClosed; }));
}
INSTANTIATE_TEST_SUITE_P(Rings, StackOverSlirpWithRing, testing::Values(4, 16, 256));

TEST_F(StackOverSlirp, TcpWritesMegabytesInOrder) {
    constexpr std::size_t kSize = 4 << 20;
    std::atomic<std::size_t> received = 0;
    std::atomic<bool> right = true;
    Server server([&](int connection) {
        std::vector<std::byte> data(65536);
        for (ssize_t size; (size = read(connection, data.data(), data.size())) > 0;)
            for (ssize_t i = 0; i < size; ++i) right = right && data[static_cast<std::size_t>(i)] == pattern(received++);
    });
    start_with_address();
    auto stream = tcp.connect({kHost, server.port()}).take();
    std::vector<std::byte> data(kSize);
    for (std::size_t i = 0; i < kSize; ++i) data[i] = pattern(i);
    std::size_t sent = 0;
    EXPECT_TRUE(wait([&] {
        sent += stream->send(util::Bytes(data).subspan(sent));
        return sent == kSize || stream->state() == net::Stream::State::Failed;
    }));
    stream->close();
    EXPECT_TRUE(wait([&] { return received == kSize; }));
    EXPECT_TRUE(right);
}

TEST_F(StackOverSlirp, TcpToAClosedPortIsRefused) {
    start_with_address();
    auto stream = tcp.connect({kHost, 1}).take();
    EXPECT_TRUE(wait([&] { return stream->state() == net::Stream::State::Failed; }));
}

}  // namespace
