// What a boot loader handed over: a command line and an initrd.
#include "scripts/handover.h"

#include <gtest/gtest.h>

#include "scripts/main.h"
#include "tests/unit/scripts/test_system.h"

namespace scripts {
namespace {

struct Handover : testing::Test, TestSystem {
    std::string given(std::string command_line, std::string initrd = {}) {
        host::machine().command_line = std::move(command_line);
        host::machine().initrd = std::move(initrd);
        host::console_output().clear();
        auto image = take_handover(system);
        EXPECT_TRUE(image.ok());
        return image.value() ? std::string(image.value()->content()) : "nothing";
    }
};

TEST_F(Handover, OfNothingRunsNothing) {
    EXPECT_EQ(given(""), "nothing");
    EXPECT_EQ(given("  \t "), "nothing");
    EXPECT_TRUE(system.images.images().empty());
}

TEST_F(Handover, CommandLineIsCommands) {
    EXPECT_EQ(given("dhcp && sanboot ${root-path} || shell"), "#!ipxe\ndhcp && sanboot ${root-path} || shell ");
}

TEST_F(Handover, WordsForLinuxAreLeftOut) {
    EXPECT_EQ(given("BOOT_IMAGE=sanpiper.lkrn initrd=boot.ipxe BOOTIF=01-52-54-00-12-34-56 ip=10.0.0.1:::"), "nothing");
    EXPECT_EQ(given("vga=788 set A=b C  initrd=a,b"), "#!ipxe\nset C ");
    EXPECT_EQ(given("chain http://server/a?MAC=${mac} echo =x"), "#!ipxe\nchain http://server/a?MAC=${mac} echo =x ");
}

TEST_F(Handover, InitrdThatIsAScriptIsRun) {
    EXPECT_EQ(given("", std::string("#!ipxe\necho hello\n\0\0", 20)), "#!ipxe\necho hello\n");
    EXPECT_NE(system.images.find("initrd"), nullptr);
}

TEST_F(Handover, CommandsRunBeforeTheInitrd) {
    host::machine().command_line = "initrd=x set greeting hello";
    host::machine().initrd = "#!ipxe\necho ${greeting}\n";
    EXPECT_TRUE(run_main(system, "#!ipxe\necho built in\n").ok());
    EXPECT_TRUE(host::console_output().ends_with("hello\n")) << host::console_output();
    EXPECT_EQ(host::console_output().find("built in"), std::string::npos);
}

TEST_F(Handover, FailingCommandsKeepTheInitrdFromRunning) {
    host::machine().command_line = "no-such-command";
    host::machine().initrd = "#!ipxe\necho hello\n";
    EXPECT_FALSE(run_main(system, "").ok());
    EXPECT_EQ(host::console_output().find("hello"), std::string::npos);
    EXPECT_NE(host::console_output().find("cmdline:2: no-such-command"), std::string::npos);
}

TEST_F(Handover, OtherInitrdsAreImages) {
    EXPECT_EQ(given("", std::string("\x7f" "ELF\0", 5)), "nothing");
    ASSERT_NE(system.images.find("initrd"), nullptr);
    EXPECT_EQ(system.images.find("initrd")->content(), std::string_view("\x7f" "ELF\0", 5));
}

}  // namespace
}  // namespace scripts
