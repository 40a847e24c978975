#include "net/transport/udp_datagrams.h"

#include <algorithm>

namespace net {

namespace {

class Socket final : public DatagramSocket {
  public:
    explicit Socket(util::Owned<UdpSocket> socket) : socket_(std::move(socket)) {}
    void send(const Ipv4Endpoint& remote, util::Bytes payload) override { (void)socket_->send(remote, payload); }
    Received receive() override {
        auto datagram = socket_->receive();
        if (!datagram) return {};
        return {std::move(datagram->payload), datagram->from};
    }
    bool refused() const override { return socket_->peer_unreachable(); }

  private:
    util::Owned<UdpSocket> socket_;
};

}  // namespace

util::Result<util::Owned<DatagramSocket>> UdpDatagrams::open(std::size_t queue) {
    auto socket = TRY(UdpSocket::open(stack_, UdpSocket::kAnyPort));
    socket->set_queue_limit(queue);
    return util::Owned<DatagramSocket>(TRY(util::make_owned<Socket>(std::move(socket))));
}

// What may arrive at once is what ring and socket queue hold (UdpSocket::set_queue_limit).
util::Result<DatagramService::Path> UdpDatagrams::path(Ipv4Address destination) {
    Ipv4Route route = TRY(stack_.route(destination));
    return Path{route.mtu, std::min(route.receive_capacity, stack_.packets().total() / 4)};
}

}  // namespace net
