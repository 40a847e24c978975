// ping, pciscan, time: commands that look around.
#include "tests/unit/scripts/test_system.h"
#include "tests/unit/scripts/test_wire.h"

namespace scripts {
namespace {

struct LookingAround : testing::Test, TestSystem {
    LookingAround() { EXPECT_TRUE(stack.add(server.end()).ok()); }
    ~LookingAround() override { unplug(); }
    TestServer server{loop, random, {{0x52, 0x54, 0, 0x12, 0x34, 0x56}}, 0x18};
    bool says(std::string_view text) { return host::console_output().find(text) != std::string::npos; }
};

TEST_F(LookingAround, PingTellsOfEachAnswer) {
    EXPECT_TRUE(run("#!ipxe\ndhcp\nping --count 2 --size 100 10.0.2.2").ok());
    EXPECT_TRUE(says("100 bytes from 10.0.2.2: seq=1 time=0.")) << host::console_output();
    EXPECT_TRUE(says("seq=2"));
    EXPECT_FALSE(says("seq=3"));
}

TEST_F(LookingAround, PingFailsWithoutAnswer) {
    EXPECT_FALSE(run("#!ipxe\ndhcp\nping -c 1 -t 200 10.0.2.77").ok());
    EXPECT_TRUE(says("10.0.2.77: seq=1 no answer")) << host::console_output();
    EXPECT_TRUE(says("ping 10.0.2.77: no answer"));
    EXPECT_FALSE(run("#!ipxe\ndhcp\nping -q -c 1 -t 200 10.0.2.77").ok());
    EXPECT_FALSE(says("seq=1"));
}

// As the public reference has it.
TEST_F(LookingAround, PingSucceedsWithOneAnswerOfSeveral) {
    EXPECT_TRUE(run("#!ipxe\ndhcp").ok());
    host::console_output().clear();
    bool answered = false;
    server.end().take = [&](const std::string& frame) {
        bool is_echo = frame.size() > 23 && frame[12] == 8 && frame[23] == 1;
        return is_echo && std::exchange(answered, true);
    };
    EXPECT_TRUE(run("#!ipxe\nping -c 2 -t 300 10.0.2.2").ok()) << host::console_output();
    EXPECT_TRUE(says("seq=1 time"));
    EXPECT_TRUE(says("seq=2 no answer"));
}

TEST_F(LookingAround, PingAsksOnceEachTimeout) {
    EXPECT_TRUE(run("#!ipxe\ndhcp").ok());
    std::int64_t before = loop.now().us() / 1000;
    EXPECT_TRUE(run("#!ipxe\nping -c 3 -t 250 10.0.2.2").ok());
    EXPECT_EQ(loop.now().us() / 1000 - before, 500);
}

TEST_F(LookingAround, NstatShowsNeighbours) {
    EXPECT_EQ(output("#!ipxe\nnstat"), "");
    EXPECT_TRUE(run("#!ipxe\ndhcp\nping -q -c 1 10.0.2.2\nping -q -c 1 -t 100 10.0.2.77 ||\nnstat").ok());
    EXPECT_TRUE(says("net0 IP 10.0.2.2 is Ethernet 52:54:00:00:00:02 (ARP)\n")) << host::console_output();
    EXPECT_TRUE(says("net0 IP 10.0.2.77 is Ethernet (incomplete) (ARP)\n"));
}

TEST_F(LookingAround, IpstatCountsWhatWentThrough) {
    EXPECT_TRUE(run("#!ipxe\nipstat").ok());
    EXPECT_TRUE(says("IP version 4:\n  InReceives:0 ")) << host::console_output();
    EXPECT_TRUE(run("#!ipxe\ndhcp").ok());
    EXPECT_TRUE(run("#!ipxe\nipstat").ok());
    std::string before = host::console_output();
    EXPECT_TRUE(run("#!ipxe\nping -q -c 2 10.0.2.2\nping -q -c 1 10.9.9.9 ||\nroute").ok());
    EXPECT_TRUE(run("#!ipxe\nipstat").ok());
    auto number = [](const std::string& text, const char* name) { return std::stoi(text.substr(text.find(name) + std::string(name).size())); };
    const std::string& after = host::console_output();
    EXPECT_EQ(number(after, "InDelivers:") - number(before, "InDelivers:"), 2);
    EXPECT_EQ(number(after, "InOctets:") - number(before, "InOctets:"), 2 * (20 + 8 + 64));
    EXPECT_GE(number(after, "OutTransmits:") - number(before, "OutTransmits:"), 2);
}

net::NtpHeader ntp_answer(std::uint32_t seconds) {
    net::NtpHeader answer;
    answer.leap_version_mode = 4 << 3 | 4;
    answer.stratum = 2;
    answer.transmit.seconds = seconds;
    return answer;
}

// 3913056000 s after 1900 is the first of January 2024; from 2036 on it is counted from 0 again.
TEST_F(LookingAround, NtpSetsTheClock) {
    EXPECT_TRUE(run("#!ipxe\ndhcp").ok());
    server.ntp = ntp_answer(3913056000);
    EXPECT_TRUE(run("#!ipxe\nntp 10.0.2.2").ok()) << host::console_output();
    EXPECT_EQ(system.wall_clock.now(), 1704067200);
    EXPECT_TRUE(system.wall_clock.is_set());
    server.ntp = ntp_answer(5);
    EXPECT_TRUE(run("#!ipxe\nntp 10.0.2.2").ok());
    EXPECT_EQ(system.wall_clock.now(), 2085978501);
}

TEST_F(LookingAround, NtpAsksAgainAndGivesUp) {
    EXPECT_FALSE(run("#!ipxe\nntp 10.0.2.2").ok());
    EXPECT_TRUE(run("#!ipxe\ndhcp").ok());
    std::int64_t before = loop.now().us();
    EXPECT_FALSE(run("#!ipxe\nntp 10.0.2.2").ok());
    EXPECT_TRUE(says("ntp 10.0.2.2: the NTP server does not answer")) << host::console_output();
    EXPECT_EQ(server.ntp_requests, 4u);
    EXPECT_EQ((loop.now().us() - before) / 1000000, 15);
}

TEST_F(LookingAround, NtpTakesNoTimeFromWhoDoesNotKnowIt) {
    EXPECT_TRUE(run("#!ipxe\ndhcp").ok());
    server.ntp = ntp_answer(3913056000);
    server.ntp->stratum = 0;
    EXPECT_FALSE(run("#!ipxe\nntp 10.0.2.2").ok());
    EXPECT_TRUE(says("refuses to answer"));
    server.ntp->stratum = 16;
    EXPECT_FALSE(run("#!ipxe\nntp 10.0.2.2").ok());
    server.ntp->stratum = 1;
    server.ntp->leap_version_mode |= 0xc0;
    EXPECT_FALSE(run("#!ipxe\nntp 10.0.2.2").ok());
    EXPECT_TRUE(says("does not know the time itself"));
    EXPECT_FALSE(system.wall_clock.is_set());
}

TEST_F(LookingAround, PingGoesOnUntilCtrlC) {
    start();
    EXPECT_TRUE(run("#!ipxe\ndhcp").ok());
    host::type_key(platform::kCtrlC);
    auto status = run("#!ipxe\nping 10.0.2.2");
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(&status.failure(), &util::kCancelled);
}

TEST_F(LookingAround, TimeTellsHowLongACommandTook) {
    EXPECT_EQ(output("#!ipxe\ntime sleep 2"), "sleep: 2.000 s\n");
    EXPECT_FALSE(run("#!ipxe\ntime iseq a b").ok());
    EXPECT_FALSE(run("#!ipxe\ntime").ok());
    EXPECT_FALSE(run("#!ipxe\ntime nonsense").ok());
    // What the command itself says of its failure is not lost.
    EXPECT_NE(host::console_output().find("test.ipxe:2: time nonsense: no such command\n"), std::string::npos) << host::console_output();
    EXPECT_FALSE(run("#!ipxe\ntime show nothing").ok());
    EXPECT_NE(host::console_output().find("test.ipxe:2: time show nothing: not set\n"), std::string::npos) << host::console_output();
    EXPECT_EQ(output("#!ipxe\ntime iseq a b || echo quiet"), "iseq: 0.000 s\nquiet\n");
    EXPECT_TRUE(run("#!ipxe\nsync").ok());
}

TEST(Machine, CpuidLooksAtTheRegisterThatIsAskedFor) {
    TestSystem system;
    host::machine().cpu_features = std::uint64_t{1} << 5 | std::uint64_t{1} << (32 + 7);
    host::machine().cpu_extended_features = std::uint64_t{1} << 29 | std::uint64_t{1} << 32;
    for (const char* there : {"5", "--ecx 7", "--ext 29", "--ext --ecx 0", "-ec 0"})
        EXPECT_TRUE(system.run("#!ipxe\ncpuid " + std::string(there)).ok()) << there;
    for (const char* not_there : {"7", "--ecx 5", "--ext 0", "-c 29", "32", "--ecx 32"})
        EXPECT_FALSE(system.run("#!ipxe\ncpuid " + std::string(not_there)).ok()) << not_there;
}

TEST(Machine, RestartsColdOrWarm) {
    TestSystem system;
    EXPECT_THROW((void)system.run("#!ipxe\nreboot"), host::Rebooted);
    EXPECT_EQ(host::machine().events.back(), "cold reset");
    EXPECT_THROW((void)system.run("#!ipxe\nreboot -w"), host::Rebooted);
    EXPECT_EQ(host::machine().events.back(), "warm reset");
    EXPECT_FALSE(system.run("#!ipxe\nreboot --setup").ok());
}

TEST(Machine, HasOneConfigurator) {
    TestSystem system;
    EXPECT_FALSE(system.run("#!ipxe\nifconf --configurator ipv6").ok());
    EXPECT_NE(host::console_output().find("ifconf ipv6: only \"dhcp\" there is"), std::string::npos) << host::console_output();
}

// Two functions on the first bus, one far behind.
std::uint8_t some_devices(std::uint16_t busdevfn, std::uint8_t offset) {
    bool is_there = busdevfn == 0x0008 || busdevfn == 0x0009 || busdevfn == 0xfff8;
    return is_there ? offset ? 0x80 : 0x86 : 0xff;
}

TEST(PciScan, FindsOneDeviceAfterTheOther) {
    TestSystem system;
    const SystemParts& parts = system.system.parts;
    System with_pci({.loop = parts.loop, .stack = parts.stack, .connector = parts.connector, .datagrams = parts.datagrams,
                     .random = parts.random, .drives = parts.drives, .read_pci = some_devices});
    ASSERT_TRUE(with_pci.start().ok());
    for (const char* found : {"0000:00:01.0 0x8", "0000:00:01.1 0x9", "0000:ff:1f.0 0xfff8"}) {
        host::console_output().clear();
        EXPECT_TRUE(with_pci.engine.run_line("pciscan at && echo ${at:busdevfn} ${at} ${pci/${at}.0.2}").ok());
        EXPECT_EQ(host::console_output(), std::string(found) + " 8086\n");
    }
    host::console_output().clear();
    EXPECT_TRUE(with_pci.engine.run_line("show at").ok());
    EXPECT_EQ(host::console_output(), "at:uint16 = 0xfff8\n");
    EXPECT_FALSE(with_pci.engine.run_line("pciscan at").ok());
    EXPECT_FALSE(system.run("#!ipxe\npciscan at").ok());
}

}  // namespace
}  // namespace scripts
