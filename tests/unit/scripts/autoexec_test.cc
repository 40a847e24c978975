// The script autoexec.ipxe: on the disk that we were started from, and beside the program that a PXE stack has loaded.
#include "scripts/autoexec/autoexec.h"

#include "scripts/main.h"
#include "tests/unit/scripts/cached_reply.h"
#include "tests/unit/scripts/disk_maker.h"
#include "tests/unit/scripts/fat_maker.h"
#include "tests/unit/scripts/iso_maker.h"
#include "tests/unit/scripts/test_system.h"
#include "tests/unit/scripts/test_wire.h"

namespace scripts {
namespace {

struct Autoexec : testing::Test, TestSystem {
    Autoexec() { EXPECT_TRUE(stack.add(server.end()).ok()); }
    ~Autoexec() override { unplug(); }
    // What the firmware prints behind its banner.
    std::string boot(std::string_view built_in = {}) {
        host::console_output().clear();
        (void)run_main(system, built_in);
        return host::console_output();
    }
    static bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }
    static std::string reply(net::Ipv4Address next_server, std::string_view file) {
        return cached_reply({10, 0, 2, 77}, next_server, file);
    }
    void partition(std::size_t number, std::uint32_t first, std::uint8_t type = 1) {
        std::string& record = host::machine().boot_disk[0];
        record.resize(512);
        FatMaker::set(record, 446 + 16 * number + 4, type, 1);
        FatMaker::set(record, 446 + 16 * number + 8, first, 4);
        FatMaker::set(record, 510, 0xaa55, 2);
    }
    TestServer server{loop, random, {{0x52, 0x54, 0, 0x12, 0x34, 0x56}}, 0x18};
};

TEST_F(Autoexec, OfAPartitionOfTheBootDiskIsRun) {
    partition(2, 2048);
    FatMaker(host::machine().boot_disk, 2048, 1000).file("autoexec.ipxe", "#!ipxe\necho from the stick\nimgstat\n", {3});
    std::string text = boot();
    EXPECT_TRUE(has(text, "from the stick\nautoexec.ipxe : 35 bytes [script]\n")) << text;
    EXPECT_TRUE(server.requests.empty()) << "no DHCP";
}

TEST_F(Autoexec, OfAFloppyIsRun) {
    FatMaker(host::machine().boot_disk, 0, 1000).file("autoexec.ipxe", "#!ipxe\necho from the floppy\n", {3});
    EXPECT_TRUE(has(boot(), "from the floppy\n"));
}

TEST_F(Autoexec, OfLaterPartitionsIsFound) {
    partition(0, 2048);
    partition(1, 10000);
    partition(3, 20000);
    FatMaker(host::machine().boot_disk, 10000, 1000).file("autoexec.ipx", "#!ipxe\necho another\n", {3});
    FatMaker(host::machine().boot_disk, 20000, 70000).file("autoexec.ipxe", "#!ipxe\necho the last\n", {3});
    EXPECT_TRUE(has(boot(), "the last\n"));
}

TEST_F(Autoexec, OfALogicalPartitionIsFound) {
    partition(1, 5000, 5);
    DiskMaker(host::machine().boot_disk).table_entry(5000, 0, 6, 63);
    FatMaker(host::machine().boot_disk, 5063, 1000).file("autoexec.ipxe", "#!ipxe\necho a logical one\n", {3});
    EXPECT_TRUE(has(boot(), "a logical one\n"));
}

TEST_F(Autoexec, OfAGuidPartitionTableIsFound) {
    partition(0, 1, 0xee);
    DiskMaker(host::machine().boot_disk).guid_table({0, 40, 2048});
    FatMaker(host::machine().boot_disk, 2048, 70000).file("autoexec.ipxe", "#!ipxe\necho by GUID\n", {3});
    EXPECT_TRUE(has(boot(), "by GUID\n"));
}

TEST_F(Autoexec, OfACdIsRunAndLongerThanASector) {
    std::string script = "#!ipxe\n#" + std::string(3000, 'x') + "\necho from the CD\n";
    IsoMaker maker(host::machine().boot_disk);
    maker.file("SANPIPER.BIN;1", "no script");
    maker.file("AUTOEXEC.IPXE;1", script);
    EXPECT_TRUE(has(boot(), "from the CD\n"));
}

TEST_F(Autoexec, OfACdThatIsDamagedIsSaid) {
    IsoMaker maker(host::machine().boot_disk);
    maker.file("AUTOEXEC.IPX;1", "#!ipxe\n");
    maker.set(IsoMaker::kRoot, 2 * 34 + 2, IsoMaker::kSectors);
    EXPECT_TRUE(has(boot(), "autoexec.ipxe on the boot disk: the file system is damaged\n"));
}

TEST_F(Autoexec, GivesWayToABuiltInScriptAndToOneOfABootLoader) {
    partition(0, 2048);
    FatMaker(host::machine().boot_disk, 2048, 1000).file("autoexec.ipxe", "#!ipxe\necho from the stick\n", {3});
    EXPECT_FALSE(has(boot("#!ipxe\necho built in\n"), "from the stick"));
}

TEST_F(Autoexec, ThatCannotBeUsedIsSaidAndTheMachineBootsAsEver) {
    server.boot_file = "boot.ipxe";
    server.files["boot.ipxe"] = "#!ipxe\necho from the server\n";
    partition(0, 2048);
    FatMaker maker(host::machine().boot_disk, 2048, 1000);
    maker.file("autoexec.ipxe", "echo no magic\n", {3});
    std::string text = boot();
    EXPECT_TRUE(has(text, "autoexec.ipxe on the boot disk: not a script\n")) << text;
    EXPECT_TRUE(has(text, "from the server\n")) << text;
}

TEST_F(Autoexec, ThatIsLargeOrDamagedIsSaid) {
    partition(0, 2048);
    FatMaker maker(host::machine().boot_disk, 2048, 1000);
    maker.file("autoexec.ipxe", "#!ipxe\n", {3});
    FatMaker::set(maker.block(maker.data - FatMaker::kRootBlocks), 32 + 28, (1 << 20) + 1, 4);
    EXPECT_TRUE(has(boot(), "autoexec.ipxe on the boot disk: the file is too large\n"));
}

TEST_F(Autoexec, OfADamagedFileSystemIsSaid) {
    partition(0, 2048);
    FatMaker maker(host::machine().boot_disk, 2048, 1000);
    maker.file("autoexec.ipxe", "#!ipxe\n", {3});
    FatMaker::set(maker.block(maker.data - FatMaker::kRootBlocks), 32 + 26, 1, 2);
    EXPECT_TRUE(has(boot(), "autoexec.ipxe on the boot disk: the file system is damaged\n"));
}

TEST_F(Autoexec, ThatIsEmptyOrMissingIsNotMentioned) {
    partition(0, 2048);
    FatMaker maker(host::machine().boot_disk, 2048, 1000);
    maker.entry(FatMaker::part("autoexec.ipxe", 0x41, "AUTOEX~1IPX"));
    maker.entry(FatMaker::short_entry("AUTOEX~1IPX", 32, 0, 0));
    EXPECT_FALSE(has(boot(), "autoexec"));
}

TEST_F(Autoexec, BesideAProgramOfPxeIsRunWithoutAskingDhcp) {
    host::machine().cached_ack = reply(TestServer::kAddress, "pxe/undionly.kpxe");
    server.files["pxe/autoexec.ipxe"] = "#!ipxe\necho from the server ${net0/ip}\nchain next.ipxe\n";
    server.files["pxe/next.ipxe"] = "#!ipxe\necho and the next\n";
    std::string text = boot();
    EXPECT_TRUE(has(text, "tftp://10.0.2.2/pxe/autoexec.ipxe... ok\nfrom the server 10.0.2.77\ntftp://10.0.2.2/pxe/next.ipxe... ok\nand the next\n")) << text;
    EXPECT_TRUE(server.requests.empty()) << "no DHCP";
}

TEST_F(Autoexec, BesideAProgramOfWindowsServers) {
    host::machine().cached_ack = reply(TestServer::kAddress, "boot\\x86\\undionly.kpxe");
    server.files["boot\\x86\\autoexec.ipxe"] = "#!ipxe\necho found\n";
    EXPECT_TRUE(has(boot(), "found\n"));
}

TEST_F(Autoexec, ThatAServerHasNotIsNotMentionedAndTheMachineBootsAsEver) {
    host::machine().cached_ack = reply(TestServer::kAddress, "undionly.kpxe");
    server.boot_file = "boot.ipxe";
    server.files["boot.ipxe"] = "#!ipxe\necho from the server\n";
    std::string text = boot();
    EXPECT_EQ(server.asked_for, (std::vector<std::string>{"autoexec.ipxe", "boot.ipxe"}));
    EXPECT_TRUE(has(text, "from the server\n")) << text;
    EXPECT_FALSE(has(text, "autoexec"));
}

TEST_F(Autoexec, OfAServerThatIsNoScriptIsSaid) {
    host::machine().cached_ack = reply(TestServer::kAddress, "undionly.kpxe");
    server.files["autoexec.ipxe"] = "<html>";
    EXPECT_TRUE(has(boot(), "tftp://10.0.2.2/autoexec.ipxe: not a script\n"));
}

TEST_F(Autoexec, OfAServerThatDoesNotAnswerIsSaid) {
    host::machine().cached_ack = reply({10, 0, 2, 9}, "undionly.kpxe");
    server.boot_file = "boot.ipxe";
    server.files["boot.ipxe"] = "#!ipxe\necho from the server\n";
    std::string text = boot();
    EXPECT_TRUE(has(text, "tftp://10.0.2.9/autoexec.ipxe: the TFTP server does not answer\n")) << text;
    EXPECT_TRUE(has(text, "from the server\n")) << text;
}

TEST_F(Autoexec, IsNotLookedForWithoutAPxeStack) {
    server.files["autoexec.ipxe"] = "#!ipxe\necho found\n";
    EXPECT_FALSE(has(boot(), "found"));
    EXPECT_TRUE(server.asked_for.empty());
}

TEST_F(Autoexec, FailsAsABuiltInScriptDoes) {
    partition(0, 2048);
    FatMaker(host::machine().boot_disk, 2048, 1000).file("autoexec.ipxe", "#!ipxe\nfrobnicate\n", {3});
    std::string text = boot();
    EXPECT_TRUE(has(text, "autoexec.ipxe:2: frobnicate: no such command")) << text;
    EXPECT_TRUE(server.requests.empty()) << "the BIOS goes on with its next device";
}

}  // namespace
}  // namespace scripts
