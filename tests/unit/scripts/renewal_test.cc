// Leases are renewed (RFC 2131 section 4.4.5) while the machine waits for a person or for a disk, whoever waits.
#include <gtest/gtest.h>
#include <platform/console.h>

#include "tests/unit/scripts/test_system.h"
#include "tests/unit/scripts/test_wire.h"

namespace scripts {
namespace {

using Type = net::DhcpMessageType;

struct Renewal : testing::Test, TestSystem {
    Renewal() {
        EXPECT_TRUE(stack.add(server.end()).ok());
        server.lease_seconds = 120;
        person.loop = &loop;
        loop.add(person);
    }
    ~Renewal() override { unplug(); }
    // Who types at a time.
    struct Person final : util::Poller {
        bool poll(util::Instant now) override {
            if (keys.empty() || now < at) return false;
            host::type(std::exchange(keys, {}));
            return true;
        }
        util::Instant poll_at() const override { return keys.empty() ? util::Instant::never() : at; }
        void type_after(util::Duration duration, std::string what) {
            at = loop->now() + duration;
            keys = std::move(what);
        }
        util::Loop* loop = nullptr;
        util::Instant at;
        std::string keys;
    } person;

    // Renewals: they name the address as ours.
    unsigned renewals() const {
        unsigned count = 0;
        for (auto& request : server.requests) count += request.type == Type::Request && !request.header.ciaddr.is_unspecified();
        return count;
    }
    // The lease is of two minutes, so ten minutes of waiting take ten renewals.
    void expect_renewed() {
        EXPECT_GE(renewals(), 8u);
        EXPECT_LE(renewals(), 12u);
        EXPECT_EQ(system.network.nics()[0]->dhcp.state(), net::DhcpClient::State::Bound);
        EXPECT_GE(loop.now().us() / 1000000, 580);
    }
    TestServer server{loop, random, {{0x52, 0x54, 0, 0x12, 0x34, 0x56}}, 0x18};
};

TEST_F(Renewal, GoesOnUnderAMenu) {
    output("#!ipxe\ndhcp\nmenu m\nitem a A\nchoose --timeout 600000 x");
    expect_renewed();
}

TEST_F(Renewal, GoesOnUnderAForm) {
    output("#!ipxe\ndhcp");
    person.type_after(util::Duration::seconds(590), "\r");
    (void)run("#!ipxe\nform f\nitem x X\npresent");
    expect_renewed();
}

TEST_F(Renewal, GoesOnAtAPrompt) {
    (void)run("#!ipxe\ndhcp\nprompt --timeout 600000 Wait || echo on");
    expect_renewed();
}

TEST_F(Renewal, GoesOnWhileALineIsTyped) {
    output("#!ipxe\ndhcp");
    person.type_after(util::Duration::seconds(590), "x\r");
    output("#!ipxe\nread name");
    expect_renewed();
}

TEST_F(Renewal, GoesOnInTheShell) {
    output("#!ipxe\ndhcp");
    person.type_after(util::Duration::seconds(590), "exit\r");
    output("#!ipxe\nshell");
    expect_renewed();
}

TEST_F(Renewal, GoesOnDuringSleep) {
    output("#!ipxe\ndhcp\nsleep 600");
    expect_renewed();
}

TEST_F(Renewal, GoesOnWhileADiskIsWaitedForInInt13h) {
    fake::Unit& unit = target.units[1];
    unit.blocks = 100;
    unit.disk.resize(51200);
    loop.add(target);
    output("#!ipxe\ndhcp\nsanhook iscsi:10.0.2.2:::1:iqn.2020-01.test:target");
    target.down = true;
    target.drop();
    std::array<std::byte, 512> sector;
    util::Instant begin = loop.now();
    EXPECT_FALSE(drives.find(0x80)->read(0, sector).ok());
    EXPECT_GE((loop.now() - begin).s(), 300);
    EXPECT_GE(renewals(), 4u);
    EXPECT_EQ(system.network.nics()[0]->dhcp.state(), net::DhcpClient::State::Bound);
}

TEST_F(Renewal, GoesOnForEachOfSeveralNicsWithItsOwnTexts) {
    TestServer second{loop, random, {{0x52, 0x54, 0, 0, 0, 0x11}}, 0x20};
    second.lease_seconds = 120;
    second.lease = net::Ipv4Address(10, 0, 2, 77);
    EXPECT_TRUE(stack.add(second.end()).ok());
    output("#!ipxe\nset hostname a-name-that-is-long-enough-for-the-heap\ndhcp net0\n"
           "set hostname another-one-of-the-same-kind-and-length\ndhcp net1\nsleep 600");
    expect_renewed();
    EXPECT_EQ(server.requests.back().options.text(12), "a-name-that-is-long-enough-for-the-heap");
    EXPECT_EQ(second.requests.back().options.text(12), "another-one-of-the-same-kind-and-length");
    unplug();
}

TEST_F(Renewal, KeepsTheAddressOfALeaseThatNobodyRenewsAndAnnouncesItselfLater) {
    output("#!ipxe\ndhcp");
    server.silent = true;
    output("#!ipxe\nsleep 600");
    EXPECT_EQ(system.network.nics()[0]->dhcp.state(), net::DhcpClient::State::Expired);
    EXPECT_EQ(output("#!ipxe\necho ${ip}"), "10.0.2.15\n");
    server.silent = false;
    output("#!ipxe\nsleep 120");
    EXPECT_EQ(system.network.nics()[0]->dhcp.state(), net::DhcpClient::State::Bound);
}

}  // namespace
}  // namespace scripts
