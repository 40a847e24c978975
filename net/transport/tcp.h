// TCP (RFC 9293), for clients: makes connections, hands each its segments, polls their timers.
//
// One for a Stack. Streams that connect() returns are handles; the connection behind one lives on here after the handle is
// gone, until it is closed in order or its time is over.
#pragma once

#include "net/ip/ipv4_service.h"
#include "net/random.h"
#include "net/stream.h"
#include "net/transport/tcp_connection.h"
#include "util/loop.h"

namespace net {

class Tcp final : public Ipv4Protocol, public util::Poller, public Connector, private TcpOutput {
  public:
    static constexpr std::uint8_t kProtocol = 6;
    static constexpr std::size_t kMaximumConnections = 32;

    // Adds itself to the loop. All three must outlive it; the caller registers it with the stack (set_protocol).
    Tcp(Ipv4Service& ipv4, util::Loop& loop, Random& random);
    ~Tcp() override;

    util::Result<util::Owned<Stream>> connect(const Ipv4Endpoint& remote) override;

    void receive(Ipv4Datagram&& datagram, util::Instant now) override;
    void error(const Ipv4Error& error, util::Instant now) override;
    bool owns(const Ipv4Error& error) override;
    bool expects(const Ipv4Endpoint& remote, std::uint16_t local_port) override;
    bool poll(util::Instant now) override;
    util::Instant poll_at() const override;

    std::size_t connection_count() const { return count_; }

  private:
    // How many answers to unexpected segments may be sent in a second.
    static constexpr unsigned kChallengesPerSecond = 20;

    Packet allocate() override;
    void send(TcpConnection& connection, const TcpSegment& segment, Packet&& payload) override;
    std::size_t receive_limit(TcpConnection& connection) override { return path_of(connection).receive_limit; }
    std::size_t segmentation_limit(TcpConnection& connection) override {
        return path_of(connection).route.segmentation_limit;
    }
    std::uint32_t timestamp(util::Instant now) override;
    bool allow_challenge(util::Instant now) override;

    const TcpPath& path_of(TcpConnection& connection);
    std::size_t window_for(const TcpPath& path);
    // So that they are looked up again.
    void forget_paths() {
        if (!++round_) round_ = 1;
    }
    void transmit(const Ipv4Route& route, Ipv4Address destination, const TcpSegment& segment, Packet&& payload);
    TcpConnection* find(Ipv4Address local, std::uint16_t local_port, Ipv4Address remote, std::uint16_t remote_port);
    TcpConnection* find_quoted(const Ipv4Error& error);
    void refuse(const Ipv4Datagram& datagram, const TcpSegment& segment, util::Instant now);
    std::uint16_t choose_port(const Ipv4Endpoint& remote, Ipv4Address local);
    bool make_room(util::Instant now);

    Ipv4Service& ipv4_;
    util::Loop& loop_;
    Random& random_;
    util::List<TcpConnection> connections_;
    std::size_t count_ = 0;
    std::uint32_t round_ = 1;
    std::uint32_t timestamp_offset_;
    util::Instant challenge_second_;
    unsigned challenges_ = 0;
};

}  // namespace net
