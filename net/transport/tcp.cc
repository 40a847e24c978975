#include "net/transport/tcp.h"

#include <algorithm>

#include "net/checksum.h"
#include "net/ip/interface.h"

namespace net {

using namespace tcp_control;

namespace {

constexpr std::uint16_t kHeaders = 40;  // IPv4 and TCP without options
constexpr std::uint16_t kFirstPort = 49152;  // RFC 6335: dynamic ports
constexpr std::size_t kLeastFrames = 2;
constexpr std::size_t kDefaultSegment = 536;

// What the path takes and a packet holds, without options.
std::uint16_t segment_size(const Ipv4Route& route) {
    constexpr std::uint16_t kLeast = 128, kMost = PacketBuffer::kCapacity - PacketBuffer::kHeadroom;
    return static_cast<std::uint16_t>(std::clamp(route.mtu, kLeast, kMost) - kHeaders);
}

// The handle that the user holds.
class TcpStream final : public Stream {
  public:
    TcpStream(TcpConnection& connection, util::Loop& loop) : connection_(connection), loop_(loop) {}
    ~TcpStream() override { connection_.detach(loop_.now()); }

    State state() const override { return connection_.stream_state(); }
    const util::Failure& failure() const override {
        ASSERT(connection_.failure());
        return *connection_.failure();
    }
    std::size_t send(util::Bytes data) override { return connection_.send(data, loop_.now()); }
    std::size_t send_room() const override { return connection_.send_room(); }
    util::Bytes peek() const override { return connection_.received().peek(); }
    void consume(std::size_t count) override { connection_.consume(count); }
    std::size_t receive(util::MutableBytes target) override {
        std::size_t copied = 0;
        while (copied < target.size()) {
            util::Bytes piece = peek();
            if (piece.empty()) break;
            std::size_t count = std::min(piece.size(), target.size() - copied);
            __builtin_memcpy(target.data() + copied, piece.data(), count);
            connection_.received().consume(count);
            copied += count;
        }
        connection_.consume(0);
        return copied;
    }
    std::size_t readable() const override { return connection_.received().readable(); }
    void close() override { connection_.close(loop_.now()); }
    void abort() override { connection_.abort(kTcpAborted, loop_.now()); }

  private:
    TcpConnection& connection_;
    util::Loop& loop_;
};

}  // namespace

Tcp::Tcp(Ipv4Service& ipv4, util::Loop& loop, Random& random)
    : ipv4_(ipv4), loop_(loop), random_(random), timestamp_offset_(random.u32()) {
    loop.add(*this);
}

Tcp::~Tcp() {
    while (TcpConnection* connection = connections_.pop_front()) {
        ASSERT(connection->detached());
        util::Owned<TcpConnection>{connection};
    }
}

util::Result<util::Owned<Stream>> Tcp::connect(const Ipv4Endpoint& remote) {
    util::Instant now = loop_.now();
    Ipv4Route route = TRY(ipv4_.route(remote.address));
    if (!make_room(now)) return kTcpPortsExhausted;
    std::uint16_t port = choose_port(remote, route.source);
    if (!port) return kTcpPortsExhausted;
    auto connection = TRY(util::make_owned<TcpConnection>(
        static_cast<TcpOutput&>(*this), Ipv4Endpoint{route.source, port}, remote,
        segment_size(route), TcpSequence(random_.u32())));
    auto stream = TRY(util::make_owned<TcpStream>(*connection, loop_));
    connections_.push_back(*connection);
    ++count_;
    forget_paths();  // the ring is shared anew
    TcpConnection& started = *connection.release();
    if (auto result = started.start(now); !result.ok()) return result.failure();  // the stream detaches it
    return util::Owned<Stream>(std::move(stream));
}

// Finished connections that nobody holds make room for new ones before their time is over.
bool Tcp::make_room(util::Instant now) {
    if (count_ < kMaximumConnections) return true;
    for (TcpConnection& connection : connections_) {
        if (!connection.detached()) continue;
        if (connection.state() != TcpConnection::State::TimeWait) connection.abort(kTcpAborted, now);
        connection.unlink();
        util::Owned<TcpConnection>{&connection};
        --count_;
        return true;
    }
    return false;
}

std::uint16_t Tcp::choose_port(const Ipv4Endpoint& remote, Ipv4Address local) {
    for (unsigned attempt = 0; attempt < 64; ++attempt) {
        auto port = static_cast<std::uint16_t>(kFirstPort | (random_.u32() & 0x3fff));
        if (!find(local, port, remote.address, remote.port)) return port;
    }
    return 0;
}

TcpConnection* Tcp::find(Ipv4Address local, std::uint16_t local_port, Ipv4Address remote, std::uint16_t remote_port) {
    for (TcpConnection& connection : connections_)
        if (connection.local().port == local_port && connection.remote().port == remote_port &&
            connection.remote().address == remote && connection.local().address == local && !connection.done())
            return &connection;
    return nullptr;
}

bool Tcp::expects(const Ipv4Endpoint& remote, std::uint16_t local_port) {
    for (TcpConnection& connection : connections_)
        if (connection.local().port == local_port && connection.remote() == remote && !connection.done()) return true;
    return false;
}

void Tcp::receive(Ipv4Datagram&& datagram, util::Instant now) {
    Packet& packet = datagram.payload;
    if (datagram.to_broadcast) return;
    if (packet.buffer().checksum != Checksum::Verified) {
        std::uint32_t sum = checksum_add_pseudo_header(0, datagram.source, datagram.destination, kProtocol,
                                                       static_cast<std::uint16_t>(packet.size()));
        if (checksum_field(checksum_add(sum, packet.data())) != 0) return datagram.interface->count_drop(Drop::TcpChecksum);
    }
    auto segment = parse_tcp(packet);
    if (!segment) return datagram.interface->count_drop(Drop::TcpMalformed);
    TcpConnection* connection =
        find(datagram.destination, segment->destination_port, datagram.source, segment->source_port);
    if (connection) return connection->receive(*segment, std::move(packet), now);
    datagram.interface->count_drop(Drop::TcpNoConnection);
    refuse(datagram, *segment, now);
}

// RFC 9293 section 3.10.7.1: a segment for a connection that does not exist is answered by a reset.
void Tcp::refuse(const Ipv4Datagram& datagram, const TcpSegment& segment, util::Instant now) {
    if (segment.has(kRst) || !allow_challenge(now)) return;
    auto route = ipv4_.route(datagram.source);
    if (!route.ok() || route.value().source != datagram.destination) return;
    TcpSegment reset;
    reset.source_port = segment.destination_port;
    reset.destination_port = segment.source_port;
    reset.control = kRst;
    if (segment.has(kAck)) {
        reset.sequence = segment.acknowledgment;
    } else {
        reset.control |= kAck;
        reset.acknowledgment = segment.sequence + static_cast<std::uint32_t>(datagram.payload.size()) +
                               (segment.has(kSyn) ? 1 : 0) + (segment.has(kFin) ? 1 : 0);
    }
    Packet packet = allocate();
    if (!packet) return;
    transmit(route.value(), datagram.source, reset, std::move(packet));
}

TcpConnection* Tcp::find_quoted(const Ipv4Error& error) {
    util::Reader quoted(error.transport_header);
    std::uint16_t local_port = quoted.be16();
    std::uint16_t remote_port = quoted.be16();
    TcpSequence sequence(quoted.be32());
    if (!quoted.ok()) return nullptr;
    for (TcpConnection& connection : connections_)
        if (connection.local().port == local_port && connection.remote().port == remote_port &&
            connection.remote().address == error.destination && !connection.done() && connection.has_in_flight(sequence))
            return &connection;
    return nullptr;
}

bool Tcp::owns(const Ipv4Error& error) { return find_quoted(error) != nullptr; }

void Tcp::error(const Ipv4Error& error, util::Instant now) {
    TcpConnection* connection = find_quoted(error);
    if (!connection) return;
    switch (error.kind) {
        case Ipv4Error::Kind::PortUnreachable: return connection->unreachable(true, now);
        case Ipv4Error::Kind::Unreachable:
        case Ipv4Error::Kind::TimeExceeded: return connection->unreachable(false, now);
        case Ipv4Error::Kind::FragmentationNeeded: {
            forget_paths();  // the stack has learnt the path's MTU by now
            const TcpPath& path = path_of(*connection);
            if (path.usable) connection->shrink_mss(static_cast<std::uint16_t>(path.route.mtu - kHeaders - 12), now);
        }
    }
}

bool Tcp::poll(util::Instant now) {
    forget_paths();
    bool progress = false;
    for (TcpConnection& connection : connections_) {
        progress |= connection.poll(now);
        if (connection.done() && connection.detached()) {
            connection.unlink();
            util::Owned<TcpConnection>{&connection};
            --count_;
        }
    }
    return progress;
}

util::Instant Tcp::poll_at() const {
    util::Instant at = util::Instant::never();
    for (TcpConnection& connection : const_cast<util::List<TcpConnection>&>(connections_))
        at = std::min(at, connection.poll_at());
    return at;
}

Packet Tcp::allocate() { return ipv4_.packets().allocate(); }

// An address that was taken away, or a link that is down: as if lost on the way.
void Tcp::send(TcpConnection& connection, const TcpSegment& segment, Packet&& payload) {
    const TcpPath& path = path_of(connection);
    if (path.usable) transmit(path.route, connection.remote().address, segment, std::move(payload));
}

void Tcp::transmit(const Ipv4Route& route, Ipv4Address destination, const TcpSegment& segment, Packet&& packet) {
    if (!emit_tcp(segment, packet)) return;
    bool cut_by_link = packet.buffer().segment_size;
    std::uint32_t sum = checksum_add_pseudo_header(
        0, route.source, destination, kProtocol, static_cast<std::uint16_t>(cut_by_link ? 0 : packet.size()));
    constexpr std::uint16_t kChecksumAt = 16;
    util::Be16 field;
    if (route.checksum_offload || cut_by_link) {
        PacketBuffer& buffer = packet.buffer();
        buffer.checksum = Checksum::Offload;
        buffer.checksum_start = 0;
        buffer.checksum_offset = kChecksumAt;
        field = checksum_partial(sum);
    } else {
        field = checksum_field(checksum_add(sum, packet.data()));
    }
    std::memcpy(packet.data().data() + kChecksumAt, &field, sizeof field);
    ipv4_.send(route, destination, kProtocol, std::move(packet));
}

const TcpPath& Tcp::path_of(TcpConnection& connection) {
    TcpPath& path = connection.path();
    if (path.round == round_) return path;
    path.round = round_;
    auto route = ipv4_.route(connection.remote().address);
    path.usable = route.ok() && route.value().source == connection.local().address;
    if (path.usable) path.route = route.value();
    path.receive_limit = window_for(path);
    return path;
}

// The window rule: no more than the NIC's ring holds, shared by the connections on it, and than there are packets for. Half
// of the pool is left to rings and senders.
std::size_t Tcp::window_for(const TcpPath& path) {
    constexpr std::uint16_t kTimestampsSize = 12;
    if (!path.route.interface && !path.usable) return kLeastFrames * kDefaultSegment;
    std::size_t open = 0;
    for (TcpConnection& other : connections_)
        open += !other.detached() && (!other.path().usable || other.path().route.interface == path.route.interface);
    std::size_t frames = std::min(path.route.receive_capacity, ipv4_.packets().total() / 2) / std::max<std::size_t>(open, 1);
    return std::max(frames, kLeastFrames) * (path.route.mtu - kHeaders - kTimestampsSize);
}

std::uint32_t Tcp::timestamp(util::Instant now) {
    return static_cast<std::uint32_t>(now.us() >> 10) + timestamp_offset_;
}

bool Tcp::allow_challenge(util::Instant now) {
    if (now - challenge_second_ >= util::Duration::seconds(1)) {
        challenge_second_ = now;
        challenges_ = 0;
    }
    return challenges_++ < kChallengesPerSecond;
}

}  // namespace net
