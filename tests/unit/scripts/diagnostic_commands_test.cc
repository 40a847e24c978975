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
    EXPECT_TRUE(run("#!ipxe\nsync").ok());
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
    for (const char* found : {"00:01.0", "00:01.1", "ff:1f.0"}) {
        EXPECT_TRUE(with_pci.engine.run_line("pciscan at").ok());
        EXPECT_EQ(with_pci.settings.text("at").view(), found);
    }
    EXPECT_FALSE(with_pci.engine.run_line("pciscan at").ok());
    EXPECT_FALSE(system.run("#!ipxe\npciscan at").ok());
}

}  // namespace
}  // namespace scripts
