// Console lines that go to a syslog server, over a scripted network.
#include "scripts/syslog.h"

#include <gtest/gtest.h>

#include "tests/unit/scripts/test_system.h"

namespace scripts {
namespace {

struct FakeDatagrams final : net::DatagramService {
    struct Socket final : net::DatagramSocket {
        explicit Socket(FakeDatagrams& all) : all(all) {}
        void send(const net::Ipv4Endpoint& remote, util::Bytes payload) override {
            all.sent.push_back(std::string(net::to_text(remote.address).view()) + ":" + std::to_string(remote.port) + " " +
                               std::string(util::as_text(payload)));
        }
        Received receive() override { return {}; }
        bool refused() const override { return false; }
        FakeDatagrams& all;
    };
    util::Result<util::Owned<net::DatagramSocket>> open(std::size_t) override {
        return util::Owned<net::DatagramSocket>(TRY(util::make_owned<Socket>(*this)));
    }
    util::Result<Path> path(net::Ipv4Address) override {
        if (!routed) return net::kNoRoute;
        return Path{};
    }
    bool routed = true;
    std::vector<std::string> sent;
};

struct SyslogLines : testing::Test {
    SyslogLines() {
        host::reset();
        auto parts = test.system.parts;
        system.emplace(SystemParts{.loop = parts.loop, .stack = parts.stack, .connector = parts.connector, .datagrams = datagrams,
                                   .random = parts.random, .drives = parts.drives});
        EXPECT_TRUE(system->start().ok());
        datagrams.sent.clear();
    }
    void wait() { EXPECT_TRUE(system->loop.sleep(util::Duration::seconds(1)).ok()); }
    void set(std::string_view name, std::string_view value) {
        EXPECT_TRUE(system->settings.set(SettingReference::parse(name).value(), value).ok());
    }
    FakeDatagrams datagrams;
    TestSystem test;
    std::optional<System> system;
};

using Lines = std::vector<std::string>;

TEST_F(SyslogLines, WaitForTheServerToBeKnownAndInReach) {
    LOG("net0: link up");
    EXPECT_TRUE(system->engine.run_line("echo \x1b[1;31mred\x1b[0m and more").ok());
    util::put("not at its end");
    wait();
    EXPECT_EQ(datagrams.sent, Lines{});
    set("syslog", "10.0.2.9");
    datagrams.routed = false;
    wait();
    EXPECT_EQ(datagrams.sent, Lines{});
    datagrams.routed = true;
    wait();
    EXPECT_EQ(datagrams.sent, (Lines{"10.0.2.9:514 <14>1 - - sanpiper - - - net0: link up", "10.0.2.9:514 <14>1 - - sanpiper - - - red and more"}));
    set("hostname", "box");
    util::put(" yet\n\n");
    wait();
    EXPECT_EQ(datagrams.sent.back(), "10.0.2.9:514 <14>1 - box sanpiper - - - not at its end yet");
    EXPECT_EQ(datagrams.sent.size(), 3u);
}

TEST_F(SyslogLines, AreTheLatestWhenTheyAreTooMany) {
    for (int i = 0; i < 2000; ++i) util::print("line %d\n", i);
    set("syslog", "10.0.2.9");
    wait();
    EXPECT_TRUE(datagrams.sent.back().ends_with("line 1999"));
    EXPECT_LT(datagrams.sent.size(), 600u);
    EXPECT_GT(datagrams.sent.size(), 300u);
    for (int i = 0; i < 9000; ++i) util::put("x");  // without an end
    util::put("\n");
    wait();
    EXPECT_TRUE(datagrams.sent.back().ends_with("xxx"));
}

}  // namespace
}  // namespace scripts
