#include "tests/host/posix_stream.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <platform/clock.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

namespace host {
namespace {

constexpr util::Failure kRefused{util::code::kTcp + 0xf1, "connection refused"};
constexpr util::Failure kReset{util::code::kTcp + 0xf2, "connection reset"};

class PosixStream;
std::vector<PosixStream*>& streams() {
    static std::vector<PosixStream*> all;
    return all;
}

class PosixStream final : public net::Stream {
  public:
    explicit PosixStream(int socket) : socket_(socket) { streams().push_back(this); }
    ~PosixStream() override {
        std::erase(streams(), this);
        close_socket();
    }

    State state() const override {
        const_cast<PosixStream*>(this)->move();
        if (failed_) return State::Failed;
        if (closed_) return State::Closed;
        if (connecting_) return State::Connecting;
        return peer_closed_ && input_.size() == begin_ ? State::PeerClosed : State::Open;
    }
    const util::Failure& failure() const override { return *failed_; }
    std::size_t send(util::Bytes data) override {
        if (connecting_ || failed_ || closed_) return 0;
        ssize_t count = ::send(socket_, data.data(), data.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EAGAIN) failed_ = &kReset;
        want_write_ = errno == EAGAIN;
        return 0;
    }
    std::size_t send_room() const override { return 65536; }
    util::Bytes peek() const override {
        const_cast<PosixStream*>(this)->move();
        return util::Bytes(input_).subspan(begin_);
    }
    void consume(std::size_t count) override { begin_ += count; }
    std::size_t receive(util::MutableBytes target) override {
        util::Bytes there = peek();
        std::size_t count = std::min(there.size(), target.size());
        if (count) std::memcpy(target.data(), there.data(), count);
        consume(count);
        return count;
    }
    std::size_t readable() const override { return peek().size(); }
    void close() override {
        if (socket_ >= 0) ::shutdown(socket_, SHUT_WR);
        closed_ = true;
    }
    void abort() override {
        close_socket();
        closed_ = true;
    }

    pollfd wanted() const {
        bool out = connecting_ || want_write_;
        return {socket_, static_cast<short>((out ? POLLOUT : 0) | (peer_closed_ || failed_ ? 0 : POLLIN)), 0};
    }

  private:
    void close_socket() {
        if (socket_ >= 0) ::close(socket_);
        socket_ = -1;
    }
    void finish_connecting() {
        pollfd ready{socket_, POLLOUT, 0};
        if (::poll(&ready, 1, 0) != 1) return;
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error) failed_ = error == ECONNREFUSED ? &kRefused : &kReset;
        connecting_ = false;
    }
    void move() {
        if (failed_ || closed_) return;
        if (connecting_) finish_connecting();
        if (connecting_ || failed_ || peer_closed_ || begin_ < input_.size()) return;
        want_write_ = false;
        input_.resize(262144);
        begin_ = 0;
        ssize_t count = ::recv(socket_, input_.data(), input_.size(), MSG_DONTWAIT);
        input_.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        if (count == 0) peer_closed_ = true;
        if (count < 0 && errno != EAGAIN) failed_ = &kReset;
    }

    int socket_;
    bool connecting_ = true, closed_ = false, peer_closed_ = false, want_write_ = false;
    const util::Failure* failed_ = nullptr;
    std::vector<std::byte> input_;
    std::size_t begin_ = 0;
};

}  // namespace

util::Result<util::Owned<net::Stream>> PosixConnector::connect(const net::Ipv4Endpoint& remote) {
    int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket < 0) return util::kOutOfMemory;
    int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(remote.port);
    address.sin_addr.s_addr = htonl(remote.address.value());
    (void)::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
    auto stream = util::make_owned<PosixStream>(socket);
    if (!stream.ok()) return stream.failure();
    return util::Owned<net::Stream>(stream.take());
}

void wait_for_sockets(util::Instant until) {
    std::vector<pollfd> wanted;
    for (PosixStream* stream : streams()) wanted.push_back(stream->wanted());
    constexpr std::int64_t kMostMicroseconds = 10'000'000;
    std::int64_t left = std::clamp<std::int64_t>((until - platform::now()).us(), 0, kMostMicroseconds);
    timespec timeout{static_cast<time_t>(left / 1000000), static_cast<long>(left % 1000000 * 1000)};
    ::ppoll(wanted.data(), wanted.size(), &timeout, nullptr);
}

}  // namespace host
