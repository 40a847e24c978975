// The image commands, with a server that has a kernel, and a machine that shows what it is told to start.
#include <gtest/gtest.h>

#include <platform/boot.h>

#include "scripts/images/boot_plan.h"
#include "scripts/images/starting.h"
#include "tests/host/memory.h"
#include "tests/unit/net/http_fake.h"
#include "tests/unit/scripts/test_system.h"
#include "tests/unit/scripts/test_wire.h"

namespace scripts {
namespace {

struct ImageCommands : testing::Test, TestSystem {
    ImageCommands() {
        host::memory() = {};
        EXPECT_TRUE(stack.add(server.end()).ok());
        host::machine().boot_failure = &platform::kGaveBack;
        server.files["prog"] = "\xeb\xfe" + std::string(2000, '\x90');
        server.files["other"] = "\xeb\xfd" + std::string(100, '\x90');
    }
    ~ImageCommands() override { unplug(); }
    bool said(std::string_view text) { return host::console_output().find(text) != std::string::npos; }
    TestServer server{loop, random, {{0x52, 0x54, 0, 0x12, 0x34, 0x56}}, 0x18};
};

TEST_F(ImageCommands, KernelSelectsAndBootStarts) {
    std::size_t size = 0;
    host::machine().on_boot = [&](const BootPlan& plan) { size = plan.blocks.span()[0].size; };
    EXPECT_EQ(&run("#!ipxe\ndhcp\nkernel prog one two\ninitrd other\nimgstat\nboot").failure(), &platform::kGaveBack);
    EXPECT_EQ(size, 2002u);
    EXPECT_TRUE(said("prog : 2002 bytes [NBP] [SELECTED] \"one two\"\nother : 102 bytes [NBP]\n")) << host::console_output();
    EXPECT_EQ(system.images.find("prog"), nullptr) << "it may have used all the memory";
    EXPECT_TRUE(server.end().is_open()) << "the network is there again";
    EXPECT_STREQ(run("#!ipxe\nboot").failure().text, "no image is selected: name one, or use kernel first");
}

TEST_F(ImageCommands, HaveSeveralNames) {
    std::string first;
    host::machine().on_boot = [&](const BootPlan& plan) { first = util::as_text(plan.blocks.span()[0].source.first(2)); };
    EXPECT_EQ(&run("#!ipxe\ndhcp\nimgload prog a\nmodule --name m other b\nimgstat\nimgexec").failure(), &platform::kGaveBack);
    EXPECT_EQ(first, "\xeb\xfe");
    EXPECT_TRUE(said("prog : 2002 bytes [NBP] [SELECTED] \"a\"\nm : 102 bytes [NBP] \"b\"\n")) << host::console_output();
    EXPECT_EQ(&run("#!ipxe\nimgexec other").failure(), &platform::kGaveBack);
    EXPECT_EQ(first, "\xeb\xfd");
}

TEST_F(ImageCommands, ArgumentsAreReplacedOnlyWhenGiven) {
    output("#!ipxe\ndhcp\nkernel --name k prog a b\nimgselect k");
    EXPECT_EQ(system.images.find("k")->arguments(), "a b");
    output("#!ipxe\nimgargs k c  d");
    EXPECT_EQ(system.images.find("k")->arguments(), "c d");
    output("#!ipxe\nimgargs k");
    EXPECT_EQ(system.images.find("k")->arguments(), "");
    output("#!ipxe\ninitrd --mode 755 other /sbin/x");
    EXPECT_EQ(system.images.find("other")->arguments(), "/sbin/x mode=755");
}

TEST_F(ImageCommands, UnpacksImagesAndKeepsTheirPlace) {
    // One stored block.
    std::string packed("\x1f\x8b\x08\0\0\0\0\0\0\3\1\5\0\xfa\xffhello\x86\xa6\x10\x36\5\0\0\0", 28);
    server.files["x.gz"] = packed;
    output("#!ipxe\ndhcp\nkernel x.gz args\nimgextract x.gz");
    EXPECT_EQ(system.images.find("x")->content(), "hello");
    EXPECT_EQ(system.images.find("x")->arguments(), "args");
    EXPECT_EQ(system.images.selected(), system.images.find("x"));
    EXPECT_EQ(system.images.find("x.gz"), nullptr);
    output("#!ipxe\nimgextract --keep --name y x.gz");
    EXPECT_NE(system.images.find("x.gz"), nullptr);
    EXPECT_EQ(system.images.find("y")->content(), "hello");
    output("#!ipxe\nimgfetch --name same x.gz\nimgextract same");
    EXPECT_EQ(system.images.find("same")->content(), "hello");
    EXPECT_EQ(&run("#!ipxe\nimgextract same").failure(), &kNotPacked);
}

// RFC 3986 section 5.1.3.
TEST_F(ImageCommands, AreRelativeToWhereAServerHasRedirectedTheScript) {
    net::FakeHttp web;
    loop.add(web);
    start();
    system.fetch_context.connector = &web;
    web.answer = [](const std::string& request, auto&) {
        if (request.starts_with("GET /boot.ipxe")) return std::string("HTTP/1.1 302 Found\r\nLocation: http://10.0.2.9/menus/start\r\nContent-Length: 0\r\n\r\n");
        std::string body = request.starts_with("GET /menus/start") ? "#!ipxe\nimgfetch file\nimgfetch tftp://10.0.2.2/prog\nimgfetch file" : "content";
        return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    };
    EXPECT_TRUE(run("#!ipxe\ndhcp\nchain http://10.0.2.2/boot.ipxe").ok()) << host::console_output();
    EXPECT_TRUE(said("http://10.0.2.9/menus/file... ok\ntftp://10.0.2.2/prog... ok\nhttp://10.0.2.9/menus/file... ok\n")) << host::console_output();
    ASSERT_TRUE(system.images.find("boot.ipxe") && system.images.find("prog"));
    EXPECT_EQ(system.images.find("boot.ipxe")->uri(), "http://10.0.2.9/menus/start");
    EXPECT_EQ(system.images.find("prog")->uri(), "tftp://10.0.2.2/prog");
}

TEST_F(ImageCommands, DownloadsThatDoNotFitSayHowMuchThereIs) {
    host::memory().map[1].length = 4096u;
    server.files["big"] = std::string(5000, 'x');
    EXPECT_EQ(&run("#!ipxe\ndhcp\ninitrd big").failure(), &kNoImageMemory);
    EXPECT_TRUE(said("  needs 1 MiB, 0 MiB are free\n")) << host::console_output();
    EXPECT_EQ(system.images.find("big"), nullptr);
}

}  // namespace
}  // namespace scripts
