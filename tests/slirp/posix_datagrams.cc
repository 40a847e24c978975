#include "tests/slirp/posix_datagrams.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace host {

class PosixDatagrams::Socket final : public net::DatagramSocket {
  public:
    explicit Socket(PosixDatagrams& owner) : owner_(owner), socket_(socket(AF_INET, SOCK_DGRAM, 0)) {
        int yes = 1;
        setsockopt(socket_, IPPROTO_IP, IP_RECVERR, &yes, sizeof yes);
    }
    ~Socket() override { close(socket_); }

    void send(const net::Ipv4Endpoint& remote, util::Bytes payload) override {
        auto port = owner_.ports.find(remote.port);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port == owner_.ports.end() ? remote.port : port->second);
        to.sin_addr.s_addr = htonl(remote.address.value());
        refused_ = false;
        // What ICMP has said of the last one is given back by the next call, whatever it is.
        for (int i = 0; i < 2; ++i)
            if (sendto(socket_, payload.data(), payload.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to) >= 0) return;
    }
    Received receive() override {
        net::Packet packet = owner_.pool_.allocate();
        auto target = packet.append(packet.tailroom());
        sockaddr_in from{};
        socklen_t length = sizeof from;
        ssize_t count = recvfrom(socket_, target.data(), target.size(), MSG_DONTWAIT,
                                 reinterpret_cast<sockaddr*>(&from), &length);
        if (count < 0) {
            refused_ |= errno == ECONNREFUSED;
            return {};
        }
        if (owner_.loss && ++owner_.received_ % owner_.loss == 0) return receive();
        packet.trim_to(static_cast<std::size_t>(count));
        std::uint16_t port = ntohs(from.sin_port);
        for (auto& [known, real] : owner_.ports)
            if (real == port) port = known;
        return {std::move(packet), {net::Ipv4Address(ntohl(from.sin_addr.s_addr)), port}};
    }
    bool refused() const override { return refused_; }

  private:
    PosixDatagrams& owner_;
    int socket_;
    bool refused_ = false;
};

util::Result<util::Owned<net::DatagramSocket>> PosixDatagrams::open(std::size_t) {
    return util::Owned<net::DatagramSocket>(TRY(util::make_owned<Socket>(*this)));
}

}  // namespace host
