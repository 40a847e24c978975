#include <gtest/gtest.h>

#include "tests/unit/net/dhcp_fake.h"

namespace net {
namespace {

using namespace std::string_literals;
using State = DhcpClient::State;
using Type = DhcpMessageType;
using util::Duration;

constexpr Ipv4Address kOurs{10, 0, 2, 15};
const DhcpTestOption kMask{dhcp_option::kSubnetMask, "\xff\xff\xff\0"s};
const DhcpTestOption kLease1h{dhcp_option::kLeaseTime, "\0\0\x0e\x10"s};

class Dhcp : public testing::Test {
  protected:
    // Runs for so long, from one event to the next.
    void run(Duration duration) {
        util::Instant end = port.time + duration;
        for (;;) {
            for (int rounds = 0; client.poll(port.time); ++rounds) ASSERT_LT(rounds, 100);
            util::Instant next = client.poll_at();
            if (next > end) break;
            ASSERT_GT(next, port.time);
            port.time = next;
        }
        port.time = end;
    }
    void poll() { run({}); }
    void start(DhcpRequest request = {}) {
        client.start(request, port.time).take();
        poll();
    }
    // A server that offers and acknowledges at once.
    void serve(Ipv4Address address = kOurs, std::vector<DhcpTestOption> options = {kMask, kLease1h}) {
        port.on_send = [=, this](FakeDhcpPort::Sent& sent) {
            if (sent.message.type == Type::Discover) port.reply(Type::Offer, address, options);
            if (sent.message.type == Type::Request) port.reply(Type::Ack, address, options);
        };
    }
    FakeDhcpPort port;
    FixedRandom random;
    DhcpClient client{port, random};
};

TEST_F(Dhcp, TakesTwoRoundTripsAndNoTime) {
    serve();
    start();
    EXPECT_EQ(client.state(), State::Bound);
    EXPECT_EQ(port.sent.size(), 2u);
    EXPECT_EQ(port.configured, kOurs);
    EXPECT_EQ(client.lease().prefix_length, 24);
    EXPECT_EQ(client.lease().server, FakeDhcpPort::kServer);
}

TEST_F(Dhcp, SaysWhoItIs) {
    std::array<std::uint8_t, 16> uuid{1, 2, 3};
    std::byte features[] = {std::byte{17}, std::byte{1}, std::byte{1}};
    start({.host_name = "box", .uuid = &uuid, .encapsulated = features});
    auto& sent = port.sent.at(0);
    auto& options = sent.message.options;
    EXPECT_TRUE(sent.source.is_unspecified());
    EXPECT_TRUE(sent.destination.is_limited_broadcast());
    EXPECT_EQ(sent.message.type, Type::Discover);
    EXPECT_EQ(options.text(77), "iPXE");
    EXPECT_EQ(options.text(60), "PXEClient:Arch:00000:UNDI:003001");
    EXPECT_EQ(util::as_text(*options.find(93)), "\0\0"s);
    EXPECT_EQ(util::as_text(*options.find(94)), "\1\3\1"s);
    EXPECT_EQ(util::as_text(*options.find(97)).substr(0, 4), "\0\1\2\3"s);
    EXPECT_EQ(options.find(97)->size(), 17u);
    EXPECT_EQ(util::as_text(*options.find(61)), "\1\x52\x54\0\x12\x34\x56"s);
    EXPECT_EQ(options.text(12), "box");
    EXPECT_EQ(util::as_text(*options.find("175.17")), "\1");
    EXPECT_FALSE(options.find(54));
}

TEST_F(Dhcp, ExtraOptionsReplaceItsOwn) {
    std::string extra = "\x4d\x04gPXE\x7d\x02hi"s;
    start({.extra_options = util::as_bytes(extra)});
    auto& options = port.sent.at(0).message.options;
    EXPECT_EQ(options.text(77), "gPXE");
    EXPECT_EQ(options.text(125), "hi");
}

TEST_F(Dhcp, RefusesRequestsThatDoNotFit) {
    std::string name(1000, 'x');
    EXPECT_EQ(&client.start({.host_name = name}, port.time).failure(), &kDhcpTooLong);
}

TEST_F(Dhcp, AsksForBroadcastsOnlyWhileAnotherAddressIsInUse) {
    serve();
    start();
    EXPECT_EQ(port.sent.at(0).message.header.flags, 0u);
    start();
    EXPECT_EQ(port.sent.at(2).message.header.flags, kDhcpFlagBroadcast);
    run(Duration::seconds(1800));
    EXPECT_EQ(port.sent.back().message.header.flags, 0u);  // a renewal comes to the address that it is for
}

TEST_F(Dhcp, RequestNamesOfferAndServer) {
    serve();
    start();
    auto& options = port.sent.at(1).message.options;
    EXPECT_EQ(options.address(dhcp_option::kRequestedAddress), kOurs);
    EXPECT_EQ(options.address(dhcp_option::kServerIdentifier), FakeDhcpPort::kServer);
    EXPECT_TRUE(port.sent[1].message.header.ciaddr.is_unspecified());
}

TEST_F(Dhcp, GivesUpAfterAMinuteOfSilence) {
    start();
    run(Duration::milliseconds(59999));
    EXPECT_EQ(client.state(), State::Selecting);
    EXPECT_GE(port.count(Type::Discover), 8u);
    EXPECT_LE(port.count(Type::Discover), 12u);
    run(Duration::milliseconds(1));
    EXPECT_EQ(client.state(), State::Failed);
    EXPECT_EQ(&client.failure(), &kDhcpNoServer);
}

TEST_F(Dhcp, BacksOffToEightSeconds) {
    start();
    run(Duration::seconds(59));
    for (std::size_t i = 1; i < port.sent.size(); ++i) {
        auto gap = (port.sent[i].at - port.sent[i - 1].at).ms();
        auto base = 1000 << std::min<std::size_t>(i - 1, 3);
        EXPECT_GE(gap, base * 7 / 8);
        EXPECT_LE(gap, base * 9 / 8);
    }
}

TEST_F(Dhcp, WaitsForALateLinkAndSendsAtOnceWhenItComes) {
    port.link = false;
    serve();
    start();
    run(Duration::seconds(15));
    EXPECT_TRUE(port.sent.empty());
    port.link = true;
    poll();
    EXPECT_EQ(client.state(), State::Bound);
}

TEST_F(Dhcp, SaysThatThereIsNoLink) {
    port.link = false;
    start();
    run(Duration::seconds(20));
    EXPECT_EQ(&client.failure(), &kDhcpNoLink);
}

TEST_F(Dhcp, CountsItsPatienceOnlyWhileTheLinkIsUp) {
    start();
    run(Duration::seconds(50));
    port.link = false;
    run(Duration::seconds(15));
    port.link = true;
    std::size_t before = port.sent.size();
    poll();
    EXPECT_EQ(port.sent.size(), before + 1);  // at once
    run(Duration::milliseconds(9900));
    EXPECT_EQ(client.state(), State::Selecting);
    run(Duration::milliseconds(100));
    EXPECT_EQ(&client.failure(), &kDhcpNoServer);
}

TEST_F(Dhcp, TakesTheFirstOfTwoServers) {
    start();
    port.reply(Type::Offer, kOurs, {kMask}, {10, 0, 2, 3});
    port.reply(Type::Offer, {10, 0, 2, 16}, {kMask}, {10, 0, 2, 4});
    poll();
    EXPECT_EQ(port.sent.back().message.options.address(54), Ipv4Address(10, 0, 2, 3));
    port.reply(Type::Nak, {}, {}, {10, 0, 2, 4});  // the other's refusal is no matter
    port.reply(Type::Ack, kOurs, {kMask}, {10, 0, 2, 3});
    poll();
    EXPECT_EQ(client.state(), State::Bound);
    EXPECT_EQ(client.lease().address, kOurs);
}

TEST_F(Dhcp, HoldsAPlainOfferBackWhenTold) {
    start({.wait_for_boot_offer = Duration::seconds(2)});
    port.reply(Type::Offer, kOurs, {kMask}, {10, 0, 2, 3});
    poll();
    EXPECT_EQ(client.state(), State::Selecting);
    port.reply(Type::Offer, {10, 0, 2, 16}, {kMask, {dhcp_option::kBootfileName, "x"}}, {10, 0, 2, 4});
    poll();
    EXPECT_EQ(port.sent.back().message.options.address(54), Ipv4Address(10, 0, 2, 4));
}

TEST_F(Dhcp, TakesThePlainOfferWhenNoBetterOneCame) {
    start({.wait_for_boot_offer = Duration::seconds(2)});
    port.reply(Type::Offer, kOurs, {kMask});
    poll();
    run(Duration::seconds(2));
    EXPECT_EQ(client.state(), State::Requesting);
}

TEST_F(Dhcp, KeepsAProxyOfferWithoutWaitingForIt) {
    start();
    port.reply(Type::Offer, {}, {{dhcp_option::kVendorClass, "PXEClient"}, {67, "proxy.0"}}, {10, 0, 2, 9});
    port.reply(Type::Offer, kOurs, {kMask});
    poll();
    port.reply(Type::Ack, kOurs, {kMask});
    poll();
    EXPECT_EQ(client.state(), State::Bound);
    ASSERT_TRUE(client.proxy_offer());
    EXPECT_EQ(client.proxy_offer()->filename(), "proxy.0");
}

TEST_F(Dhcp, AsksAgainAfterANak) {
    start();
    port.reply(Type::Offer, kOurs, {kMask});
    poll();
    port.reply(Type::Nak, {}, {{dhcp_option::kMessage, "wrong network"}});
    poll();
    EXPECT_EQ(client.state(), State::Selecting);
    EXPECT_EQ(port.count(Type::Discover), 2u);
    EXPECT_NE(host::console_output().find("wrong network"), std::string::npos);
}

TEST_F(Dhcp, IsNotDrivenRoundByAServerThatOffersAndRefuses) {
    port.on_send = [&](auto& sent) {
        if (sent.message.type == Type::Discover) port.reply(Type::Offer, kOurs, {kMask});
        if (sent.message.type == Type::Request) port.reply(Type::Nak, {});
    };
    start();
    run(Duration::seconds(60));
    EXPECT_EQ(&client.failure(), &kDhcpNoLease);
    EXPECT_LE(port.sent.size(), 130u);
    EXPECT_NE(client.detail().find("10.0.2.2"), std::string::npos);
}

TEST_F(Dhcp, TurnsToOthersWhenTheServerFallsSilentAfterItsOffer) {
    start();
    port.reply(Type::Offer, kOurs, {kMask});
    poll();
    run(Duration::seconds(20));
    EXPECT_EQ(port.count(Type::Request), 4u);
    EXPECT_EQ(client.state(), State::Selecting);
    EXPECT_GE(port.count(Type::Discover), 2u);
}

TEST_F(Dhcp, RefusesAddressesThatNoHostCanHave) {
    for (Ipv4Address bad : {Ipv4Address(0, 0, 0, 0), Ipv4Address(255, 255, 255, 255), Ipv4Address(224, 0, 0, 1),
                            Ipv4Address(127, 0, 0, 1), Ipv4Address(10, 0, 2, 0), Ipv4Address(10, 0, 2, 255)}) {
        start();
        port.reply(Type::Offer, bad, {kMask});
        poll();
        EXPECT_EQ(client.state(), State::Selecting);
        run(Duration::seconds(60));
        EXPECT_EQ(&client.failure(), &kDhcpNoLease);
        EXPECT_NE(client.detail().find("10.0.2.2: it"), std::string::npos) << client.detail();
    }
}

TEST_F(Dhcp, RefusesAnAckOfAnotherAddress) {
    start();
    port.reply(Type::Offer, kOurs, {kMask});
    poll();
    port.reply(Type::Ack, {10, 0, 2, 77}, {kMask});
    poll();
    EXPECT_EQ(client.state(), State::Selecting);
    EXPECT_FALSE(client.has_lease());
}

TEST_F(Dhcp, DropsRepliesThatAreNotForUs) {
    start();
    port.reply(Type::Offer, kOurs, {kMask}, FakeDhcpPort::kServer, [](DhcpHeader& h) { h.xid = h.xid + 1; });
    port.reply(Type::Offer, kOurs, {kMask}, FakeDhcpPort::kServer, [](DhcpHeader& h) { h.chaddr[5] ^= 1; });
    port.reply(Type::Offer, kOurs, {kMask}, FakeDhcpPort::kServer, [](DhcpHeader& h) { h.op = kBootRequest; });
    port.put(util::as_bytes("garbage"), FakeDhcpPort::kServer);
    poll();
    EXPECT_EQ(client.state(), State::Selecting);
}

TEST_F(Dhcp, ProbesTheAddressTogetherWithTheRequest) {
    start();
    port.reply(Type::Offer, kOurs, {kMask});
    poll();
    EXPECT_EQ(port.probes, std::vector{kOurs});
    EXPECT_EQ(port.sent.back().at, util::Instant());
}

TEST_F(Dhcp, DeclinesAnAddressInUseAndTakesAnother) {
    port.in_use = kOurs;
    serve();
    start();
    poll();
    EXPECT_EQ(port.count(Type::Decline), 3u);  // the server insists
    EXPECT_EQ(client.state(), State::Failed);
    EXPECT_EQ(&client.failure(), &kDhcpConflict);
    EXPECT_EQ(client.detail(), "10.0.2.15: in use by 02:00:00:00:00:09");
    EXPECT_EQ(port.configured, Ipv4Address());
}

TEST_F(Dhcp, DeclinesABoundAddressWhoseOwnerAnswersShortlyAfter) {
    serve();
    start();
    ASSERT_EQ(client.state(), State::Bound);
    run(Duration::milliseconds(150));
    port.in_use = kOurs;
    serve({10, 0, 2, 16});
    poll();
    ASSERT_EQ(port.count(Type::Decline), 1u);
    auto& decline = port.sent[2];
    EXPECT_EQ(decline.message.options.address(dhcp_option::kRequestedAddress), kOurs);
    EXPECT_TRUE(decline.message.header.ciaddr.is_unspecified());
    EXPECT_EQ(client.state(), State::Bound);
    EXPECT_EQ(port.configured, Ipv4Address(10, 0, 2, 16));
}

TEST_F(Dhcp, LeavesConflictsToArpAfterTheWindow) {
    serve();
    start();
    run(Duration::milliseconds(300));
    port.in_use = kOurs;
    run(Duration::seconds(10));
    EXPECT_EQ(client.state(), State::Bound);
}

TEST_F(Dhcp, RenewsAtHalfTimeWithItsServer) {
    serve();
    start();
    run(Duration::seconds(1799));
    EXPECT_EQ(port.sent.size(), 2u);
    run(Duration::seconds(1));
    ASSERT_EQ(port.sent.size(), 3u);
    EXPECT_EQ(port.sent[2].destination, FakeDhcpPort::kServer);
    EXPECT_EQ(port.sent[2].source, kOurs);
    EXPECT_EQ(port.sent[2].message.header.ciaddr, kOurs);
    EXPECT_FALSE(port.sent[2].message.options.find(dhcp_option::kServerIdentifier));
    EXPECT_EQ(client.state(), State::Bound);
    EXPECT_EQ(client.lease().obtained, port.time);
}

TEST_F(Dhcp, AsksAnyServerWhenItsOwnIsSilentThenGoesOnAfterExpiry) {
    serve();
    start();
    port.on_send = {};
    run(Duration::seconds(2000));
    EXPECT_EQ(client.state(), State::Renewing);
    run(Duration::seconds(1200));
    EXPECT_EQ(client.state(), State::Rebinding);
    EXPECT_TRUE(port.sent.back().destination.is_limited_broadcast());
    run(Duration::seconds(500));
    EXPECT_EQ(client.state(), State::Expired);
    EXPECT_EQ(port.configured, kOurs);
    EXPECT_LT(port.sent.size(), 40u);
    port.reply(Type::Ack, kOurs, {kMask, kLease1h});
    poll();
    EXPECT_EQ(client.state(), State::Bound);
}

TEST_F(Dhcp, StartsOverWhenRenewalIsRefused) {
    serve();
    start();
    port.on_send = [&](auto& sent) {
        if (sent.message.type == Type::Request) port.reply(Type::Nak, {});
    };
    run(Duration::seconds(1801));
    EXPECT_EQ(client.state(), State::Selecting);
    EXPECT_EQ(port.configured, Ipv4Address());
}

TEST_F(Dhcp, NeverRenewsAnInfiniteLease) {
    serve(kOurs, {kMask, {dhcp_option::kLeaseTime, "\xff\xff\xff\xff"}});
    start();
    run(Duration::seconds(1));
    EXPECT_EQ(client.poll_at(), util::Instant::never());
}

TEST_F(Dhcp, AcceptsAPlainBootpReply) {
    start();
    port.reply(Type::Bootp, kOurs, {kMask});
    poll();
    EXPECT_EQ(client.state(), State::Bound);
    EXPECT_EQ(port.sent.size(), 1u);
}

TEST_F(Dhcp, ReleasesWhenTold) {
    serve();
    start();
    client.release();
    EXPECT_EQ(port.sent.back().message.type, Type::Release);
    EXPECT_EQ(port.sent.back().destination, FakeDhcpPort::kServer);
    EXPECT_EQ(port.configured, Ipv4Address());
    EXPECT_EQ(client.state(), State::Idle);
}

TEST_F(Dhcp, AdoptsTheLeaseOfAnEarlierStage) {
    start();
    DhcpHeader header = port.sent.back().message.header;
    header.op = kBootReply;
    header.yiaddr = kOurs;
    std::byte buffer[400];
    DhcpWriter writer(buffer, header);
    writer.option_u8(dhcp_option::kMessageType, 5);
    client.stop();
    EXPECT_TRUE(client.adopt(writer.finish(), port.time).ok());
    EXPECT_EQ(port.configured, kOurs);
    EXPECT_EQ(&client.adopt(util::as_bytes("no"), port.time).failure(), &kDhcpBadReply);
}

}  // namespace
}  // namespace net
