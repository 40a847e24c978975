// DHCP by whole stacks on a wire: client, server, and a machine that has taken the address already.
#include <gtest/gtest.h>

#include <deque>

#include "net/config/dhcp.h"
#include "net/config/dhcp_interface.h"
#include "net/stack.h"
#include "tests/host/host.h"
#include "tests/host/virtual_wire.h"
#include "tests/unit/net/dhcp_fake.h"

namespace net {
namespace {

using namespace std::string_literals;
using Type = DhcpMessageType;
using util::Duration;

constexpr Ipv4Address kServer{10, 0, 2, 2};

// A stack of its own on the wire.
struct Machine {
    Machine(util::Loop& loop, host::VirtualWire& wire)
        : end(wire.add_end(pool)), stack(loop, pool, random), interface(*stack.add(end).take()) {
        interface.open().take();
    }
    void configure(Ipv4Address address) {
        interface.configure({.address = address, .netmask = Ipv4Address(255, 255, 255, 0)});
    }
    alignas(64) std::byte memory[64 * PacketBuffer::kStride];
    PacketPool pool{memory};
    FixedRandom random;
    host::WireEnd& end;
    Stack stack;
    Interface& interface;
};

// Offers addresses from 10.0.2.20 on, a new one after each DECLINE. It listens to the wire itself: our stack, rightly,
// takes nothing from 0.0.0.0.
class Server final : public util::Poller {
  public:
    static constexpr Duration kDelay = Duration::milliseconds(1);  // on the wire, one way

    Server(util::Loop& loop, host::VirtualWire& wire) : loop_(loop), machine_(std::make_unique<Machine>(loop, wire)) {
        machine_->configure(kServer);
        socket_ = UdpSocket::open(machine_->stack, kDhcpServerPort).take();
        loop.add(*this);
        wire.set_filter([this](auto&, const host::Frame& frame) {
            constexpr std::size_t kPort = 14 + 20 + 2, kPayload = 14 + 20 + 8;  // Ethernet, IPv4, UDP
            if (frame.size() > kPayload && frame[23] == std::byte{Udp::kProtocol} && frame[kPort + 1] == std::byte{kDhcpServerPort})
                heard_.push_back({loop_.now() + kDelay, {frame.begin() + kPayload, frame.end()}});
            return true;
        });
    }
    util::Instant poll_at() const override { return heard_.empty() ? util::Instant::never() : heard_.front().at; }
    bool poll(util::Instant now) override {
        if (now < poll_at()) return false;
        auto message = parse_dhcp(heard_.front().message);
        heard_.pop_front();
        if (!message) return true;
        if (message->type == Type::Discover) answer(*message, Type::Offer);
        if (message->type == Type::Request) answer(*message, Type::Ack);
        if (message->type == Type::Decline) ++declined;
        return true;
    }
    unsigned declined = 0;
    Ipv4Address mask{255, 255, 255, 0};
    Ipv4Address first{10, 0, 2, 20};

  private:
    void answer(const DhcpMessage& message, Type type) {
        DhcpHeader header = message.header;
        header.op = kBootReply;
        header.yiaddr = Ipv4Address(first.value() + declined);
        std::byte buffer[600];
        DhcpWriter writer(buffer, header);
        writer.option_u8(dhcp_option::kMessageType, static_cast<std::uint8_t>(type));
        writer.option(dhcp_option::kServerIdentifier, kServer);
        writer.option(dhcp_option::kSubnetMask, mask);
        writer.option(dhcp_option::kRouter, kServer);
        (void)socket_->send_on(machine_->interface, kServer, {Ipv4Address::broadcast(), kDhcpClientPort}, writer.finish());
    }
    struct Heard {
        util::Instant at;
        host::Frame message;
    };
    util::Loop& loop_;
    std::unique_ptr<Machine> machine_;
    util::Owned<UdpSocket> socket_;
    std::deque<Heard> heard_;
};

class DhcpOnTheWire : public testing::Test {
  protected:
    DhcpOnTheWire() {
        port.open().take();
        wire.set_delay(Server::kDelay);
    }
    void run() {
        client.start({}, loop.now()).take();
        if (!client.linked()) loop.add(client);
        ASSERT_TRUE(loop.run_until([&] { return client.finished(); }, loop.now() + Duration::seconds(90)).ok());
        if (!client.has_lease()) ADD_FAILURE() << client.failure().text << ": " << client.detail();
    }
    util::Loop loop;
    host::VirtualWire wire{loop};
    std::unique_ptr<Machine> ours = std::make_unique<Machine>(loop, wire);
    Server server{loop, wire};
    DhcpInterface port{ours->stack, ours->interface};
    FixedRandom random;
    DhcpClient client{port, random};
};

TEST_F(DhcpOnTheWire, ConfiguresTheInterfaceInTwoRoundTrips) {
    run();
    ASSERT_TRUE(client.has_lease());
    EXPECT_EQ(loop.now().us(), 4000);
    ASSERT_TRUE(ours->interface.config());
    EXPECT_EQ(ours->interface.config()->address, Ipv4Address(10, 0, 2, 20));
    EXPECT_EQ(ours->interface.config()->gateway, kServer);
}

TEST_F(DhcpOnTheWire, FindsThatAnAddressIsInUseWithoutWaiting) {
    auto other = std::make_unique<Machine>(loop, wire);
    other->configure({10, 0, 2, 20});
    run();
    EXPECT_EQ(server.declined, 1u);
    ASSERT_TRUE(client.has_lease());
    EXPECT_EQ(client.lease().address, Ipv4Address(10, 0, 2, 21));
    EXPECT_LT(loop.now().us(), 20000);
    EXPECT_NE(host::console_output().find("10.0.2.20: in use by 52:54:00:00:00:03"), std::string::npos);
}

TEST_F(DhcpOnTheWire, AsksAgainWhileAnotherAddressIsConfigured) {
    ours->configure({192, 168, 77, 1});
    run();
    ASSERT_TRUE(client.has_lease());
    EXPECT_EQ(ours->interface.config()->address, Ipv4Address(10, 0, 2, 20));
}

TEST_F(DhcpOnTheWire, TakesALeaseInASubnetThatTheServerIsNotIn) {
    server.first = Ipv4Address(172, 16, 5, 9);
    run();
    ASSERT_TRUE(client.has_lease());
    EXPECT_TRUE(client.lease().has(DhcpOddity::GatewayOffLink));
    EXPECT_NE(host::console_output().find("gateway outside our subnet"), std::string::npos);
    auto route = ours->stack.route(kServer);  // by the gateway, which is asked for by ARP all the same
    ASSERT_TRUE(route.ok());
    EXPECT_EQ(route.value().next_hop, kServer);
}

TEST_F(DhcpOnTheWire, GetsThroughALossyWire) {
    wire.set_faults({.loss = 300, .duplication = 200, .corruption = 100, .reordering = 200});
    run();
    EXPECT_TRUE(client.has_lease());
}

}  // namespace
}  // namespace net
