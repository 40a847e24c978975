// Completion in the shell: what each kind of argument may be, and how it looks to a person who presses Tab.
#include "scripts/completion.h"

#include <gtest/gtest.h>
#include <platform/console.h>

#include "scripts/shell.h"
#include "tests/host/screen_picture.h"
#include "tests/unit/scripts/test_system.h"
#include "tests/unit/scripts/test_wire.h"

namespace scripts {
namespace {

struct Completion : testing::Test, TestSystem {
    Completion() {
        EXPECT_TRUE(stack.add(server.end()).ok());
        server.boot_file = "boot/first.ipxe";
        server.files["boot/first.ipxe"] = "#!ipxe\n";
        fake::Unit& unit = target.units[0];
        unit.blocks = 2048;
        unit.disk.resize(2048 * 512);
        loop.add(target);
        start();
    }
    ~Completion() override { unplug(); }
    std::string complete(std::string_view text) {
        ShellCompleter completer(system);
        bool printed = false;
        return std::string(completer.complete(text, Completer::Turn::First, printed).take().view());
    }
    // What the second Tab shows.
    std::string choices(std::string_view text) {
        ShellCompleter completer(system);
        bool printed = false;
        host::console_output().clear();
        EXPECT_EQ(completer.complete(text, Completer::Turn::Again, printed).take().view(), "");
        EXPECT_TRUE(printed);
        return host::console_output();
    }
    TestServer server{loop, random, {{0x52, 0x54, 0, 0x12, 0x34, 0x56}}, 0x18};
};

constexpr const char* kDisk = "iscsi:10.0.2.2::::iqn.2020-01.test:target";

TEST_F(Completion, KnowsCommandsAndOptions) {
    EXPECT_EQ(complete("prom"), "pt ");
    EXPECT_EQ(complete("echo a && prom"), "pt ");
    EXPECT_EQ(complete("prompt --ti"), "meout ");
    EXPECT_EQ(complete("help slee"), "p ");
    EXPECT_EQ(complete("time slee"), "p ");
    EXPECT_EQ(complete("time prompt --ti"), "meout ");
    EXPECT_EQ(complete("zzz"), "");
    EXPECT_EQ(complete("zzz ne"), "");
    EXPECT_EQ(choices("is"), "\nis  iseq  isset\n");
    EXPECT_EQ(choices("choose --"), "\n--menu  --default  --timeout  --retimeout  --strict  --keep\n");
}

TEST_F(Completion, KnowsSettingsTheirScopesAndTypes) {
    EXPECT_EQ(complete("set root"), "-path ");
    EXPECT_EQ(complete("echo ${root"), "-path}");
    EXPECT_EQ(complete("echo ${net0}${root"), "-path}");
    EXPECT_EQ(complete("echo ${net0/ma"), "c}");
    EXPECT_EQ(complete("echo ${smbios/manu"), "facturer}");
    EXPECT_EQ(complete("echo ${smbios/root"), "");
    EXPECT_EQ(complete("echo ${net0/manu"), "");
    EXPECT_EQ(complete("echo ${featur"), "es/");
    EXPECT_EQ(complete("show net0/mac:hexh"), "yp ");
    EXPECT_EQ(choices("show net0/mac:hex"), "\nnet0/mac:hex  net0/mac:hexhyp  net0/mac:hexraw\n");
    system.settings.put("my-own-setting", "1");
    EXPECT_EQ(complete("show my"), "-own-setting ");
    EXPECT_EQ(complete("read my"), "-own-setting ");
    EXPECT_EQ(complete("md5sum --set my"), "-own-setting ");
    EXPECT_EQ(complete("choose --default x my"), "-own-setting ");
    EXPECT_EQ(complete("config smb"), "ios ");
    EXPECT_EQ(complete("echo my"), "");
}

TEST_F(Completion, KnowsInterfaces) {
    EXPECT_EQ(complete("ifopen n"), "et0 ");
    EXPECT_EQ(complete("dhcp net0 n"), "et0 ");
    EXPECT_EQ(complete("dhcp --timeout 5 n"), "et0 ");
    EXPECT_EQ(complete("dhcp -t5 n"), "et0 ");
    EXPECT_EQ(complete("dhcp -t n"), "");
    EXPECT_EQ(complete("echo n"), "");
    output("#!ipxe\nvcreate --tag 7 net0");
    EXPECT_EQ(complete("vdestroy net0-"), "7 ");
}

TEST_F(Completion, KnowsValuesOfOptions) {
    EXPECT_EQ(complete("ifconf --configurator "), "dhcp ");
    EXPECT_EQ(complete("ifconf -c "), "dhcp ");
    EXPECT_EQ(complete("ifconf --configurator=d"), "hcp ");
    EXPECT_EQ(complete("sanboot --drive "), "0x80 ");
    output(std::string("#!ipxe\ndhcp\nsanhook --drive 0x81 ") + kDisk);
    EXPECT_EQ(choices("sanunhook -d 0x8"), "\n0x81  0x80\n");
    // One that is reached by two paths is one.
    output(std::string("#!ipxe\nsanhook --drive 0x82 ") + kDisk + " " + kDisk);
    EXPECT_EQ(choices("sanunhook -d 0x8"), "\n0x81  0x82  0x80\n");
    output("#!ipxe\nmenu --name colours Which?\nitem --menu colours red\nitem --menu colours --gap\nmenu\nparams --name about");
    EXPECT_EQ(complete("choose --menu "), "colours ");
    EXPECT_EQ(complete("choose --menu colours --default r"), "ed ");
    EXPECT_EQ(complete("param --params "), "about ");
    // Behind the first argument there are no options.
    EXPECT_EQ(complete("echo a --"), "");
    EXPECT_EQ(complete("item -- --"), "");
    EXPECT_EQ(complete("prompt --key=x --ti"), "meout ");
}

TEST_F(Completion, KnowsImages) {
    output("#!ipxe\ndhcp\nimgfetch --name kernel-image boot/first.ipxe");
    EXPECT_EQ(complete("imgfree kernel"), "-image ");
    EXPECT_EQ(complete("chain kernel"), "-image ");
    EXPECT_EQ(complete("sha256sum test.ipxe kernel"), "-image ");
}

TEST_F(Completion, KnowsWhatDhcpNamed) {
    server.options[17] = kDisk;
    EXPECT_EQ(complete("chain tf"), "");
    output("#!ipxe\ndhcp");
    EXPECT_EQ(complete("chain tf"), "tp://10.0.2.2/");
    EXPECT_EQ(complete("chain tftp://10.0.2.2/b"), "oot/first.ipxe ");
    EXPECT_EQ(complete("sanboot is"), std::string(kDisk + 2) + " ");
    EXPECT_EQ(complete("initrd --name x tftp://10.0.2.2/b"), "oot/first.ipxe ");
}

TEST_F(Completion, KnowsUrisThatWereSeen) {
    server.files["other"] = "x";
    output(std::string("#!ipxe\ndhcp\nimgfetch other\nimgfetch other\nimgfetch boot/first.ipxe\nsanhook ") + kDisk);
    output("#!ipxe\nimgfree");
    EXPECT_EQ(complete("chain tftp://10.0.2.2/o"), "ther ");
    EXPECT_EQ(complete("chain tftp://10.0.2.2/b"), "oot/first.ipxe ");
    EXPECT_EQ(complete("sanhook is"), std::string(kDisk + 2) + " ");
    EXPECT_EQ(complete("imgfree tftp"), "");
}

TEST_F(Completion, KnowsLabelsOfTheScriptThatHasOpenedTheShell) {
    EXPECT_EQ(complete("goto re"), "");
    host::type("goto re\t\r");
    std::string screen = host::ScreenPicture(output("#!ipxe\nshell\necho never\n:retry-boot echo went on\n:no echo")).text();
    EXPECT_TRUE(screen.starts_with("Sanpiper> goto retry-boot\nwent on\n")) << screen;
}

TEST_F(Completion, KeepsNoPasswords) {
    remember_uri(system, "http://me:secret@10.0.2.2/x");
    EXPECT_EQ(complete("chain http"), "");
    for (int i = 0; i < 100; ++i) remember_uri(system, "http://10.0.2.2/" + std::to_string(i) + std::string(100, 'x'));
    EXPECT_EQ(complete("chain http"), "://10.0.2.2/9");
}

TEST_F(Completion, LooksAtNothingThatIsTooLong) {
    remember_uri(system, "http://10.0.2.2/" + std::string(300, 'x'));
    EXPECT_EQ(complete("chain http"), "");
    EXPECT_EQ(complete("chain " + std::string(300, 'x')), "");
    EXPECT_EQ(complete("chain http://10.0.2.2/" + std::string(290, 'x')), "");
}

std::string typed(System& system, std::string_view keys) {
    host::console_output().clear();
    host::type(keys);
    EXPECT_TRUE(run_shell(system).ok());
    return host::ScreenPicture(host::console_output()).text();
}

TEST_F(Completion, ListsChoicesAtTheSecondTab) {
    std::string screen = typed(system, "iss\ta\rise\tb b\recho x${ip\t\rim\tst\t\rexit\r");
    EXPECT_EQ(screen.substr(0, screen.find("exit")), "Sanpiper> isset a\nSanpiper> iseq b b\nSanpiper> echo x${ip}\nx\nSanpiper> imgstat\nSanpiper> ");
    screen = typed(system, "is\t\teq 1 1\rim\t\t\x15\rexit\r");
    EXPECT_EQ(screen.substr(0, screen.find("exit")),
              "Sanpiper> is\nis  iseq  isset\nSanpiper> iseq 1 1\n"
              "Sanpiper> img\n"
              "imgargs  imgexec  imgextract  imgfetch  imgfree  imgload  imgmem  imgselect\n"
              "imgset  imgstat  imgtrust  imgverify\nSanpiper>\nSanpiper> ");
}

}  // namespace
}  // namespace scripts
