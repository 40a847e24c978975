// imgverify and imgtrust, with a server that has signed files and such that are not.
#include <gtest/gtest.h>

#include <platform/boot.h>

#include "net/tls/certificate_check.h"
#include "net/tls/cms.h"
#include "scripts/https.h"
#include "scripts/images/boot_plan.h"
#include "tests/host/memory.h"
#include "tests/unit/net/certificates.h"
#include "tests/unit/scripts/test_system.h"
#include "tests/unit/scripts/test_wire.h"
#include "util/calendar.h"

namespace scripts {
namespace {

struct Trusting : testing::Test, TestSystem {
    Trusting() {
        host::memory() = {};
        host::set_clock_chip(util::to_unix_time(util::DateTime{2026, 11, 29}));
        EXPECT_TRUE(stack.add(server.end()).ok());
        host::machine().boot_failure = &platform::kGaveBack;
        host::machine().on_boot = [this](const BootPlan&) { ++boots; };
        server.files["root.pem"] = certificates::root;
        server.files["authority.pem"] = certificates::authority;
        server.files["kernel"] = "content";
        server.files["kernel.sig"] = certificates::signer_signature;
        server.files["changed"] = "Content";
        server.files["menu"] = "#!ipxe\necho Signed\n";
        server.files["menu.sig"] = certificates::script_signature;
        server.files["sub/menu"] = certificates::script_signature;
        server.files["other"] = "#!ipxe\necho Unsigned\n";
        output("#!ipxe\ndhcp\ncertstore --trust root.pem\ncertstore --trust authority.pem");
    }
    ~Trusting() override {
        unplug();
        host::set_clock_chip(0);
    }
    // The failure of a script; nullptr: none.
    const util::Failure* failure(std::string_view script) {
        auto status = run(script);
        return status.ok() ? nullptr : &status.failure();
    }
    bool said(std::string_view text) { return host::console_output().find(text) != std::string::npos; }
    bool is_trusted(std::string_view name) { return system.images.find(name) && system.images.find(name)->is_trusted(); }

    TestServer server{loop, random, {{0x52, 0x54, 0, 0x12, 0x34, 0x56}}, 0x18};
    unsigned boots = 0;
};

TEST_F(Trusting, SignedImagesAreMarked) {
    EXPECT_EQ(failure("#!ipxe\nimgfetch kernel quiet\nimgverify kernel kernel.sig\nimgstat"), nullptr) << host::console_output();
    EXPECT_TRUE(said("\nkernel : 7 bytes [TRUSTED] \"quiet\"\n")) << host::console_output();
    EXPECT_EQ(system.images.find("kernel.sig"), nullptr);
}

TEST_F(Trusting, WhatIsNotThereIsFetchedAndTheSignatureKeptIfWanted) {
    EXPECT_EQ(failure("#!ipxe\nimgverify --name k --timeout 1000 --keep kernel kernel.sig"), nullptr) << host::console_output();
    EXPECT_TRUE(is_trusted("k"));
    EXPECT_NE(system.images.find("kernel.sig"), nullptr);
    // And is no initrd.
    EXPECT_TRUE(system.images.find("kernel.sig")->was_run());
    EXPECT_EQ(failure("#!ipxe\nimgverify k kernel.sig"), nullptr);
    EXPECT_NE(system.images.find("kernel.sig"), nullptr) << "it was there before";
    EXPECT_NE(failure("#!ipxe\nimgverify k nothing"), nullptr);
    EXPECT_FALSE(is_trusted("k"));
}

// Both files are called "menu".
TEST_F(Trusting, AnImageAndItsSignatureMayHaveOneName) {
    EXPECT_EQ(failure("#!ipxe\nimgfetch menu arguments\nimgverify menu sub/menu"), nullptr) << host::console_output();
    EXPECT_TRUE(is_trusted("menu"));
    EXPECT_EQ(system.images.find("menu")->arguments(), "arguments") << "it is the one that was there";
    EXPECT_EQ(failure("#!ipxe\nimgverify menu menu"), &net::kBadSignatureFile);
    EXPECT_FALSE(is_trusted("menu"));
}

TEST_F(Trusting, ChangedImagesAreRefusedByName) {
    EXPECT_EQ(failure("#!ipxe\nimgverify changed kernel.sig"), &net::kSignatureWrong);
    EXPECT_TRUE(said("  signed by Signer of tests\n")) << host::console_output();
    EXPECT_TRUE(said("imgverify changed: the signature does not match: the image was changed, or it is another one's signature\n")) << host::console_output();
    EXPECT_FALSE(is_trusted("changed"));
}

TEST_F(Trusting, WhatFailsOnceIsNotTrustedAnyMore) {
    output("#!ipxe\nimgverify kernel kernel.sig");
    EXPECT_TRUE(is_trusted("kernel"));
    EXPECT_EQ(failure("#!ipxe\nimgverify kernel menu.sig"), &net::kSignatureWrong);
    EXPECT_FALSE(is_trusted("kernel"));
    output("#!ipxe\nimgverify kernel kernel.sig\nimgfetch --name kernel changed");
    EXPECT_FALSE(is_trusted("kernel")) << "it is another one of that name";
}

TEST_F(Trusting, AnotherSignerIsRefused) {
    EXPECT_EQ(failure("#!ipxe\nimgverify --signer nobody kernel kernel.sig"), &net::kSignerOther);
    EXPECT_TRUE(said("  signed by Signer of tests\n")) << host::console_output();
    EXPECT_EQ(failure("#!ipxe\nimgverify -s signer@server.example kernel kernel.sig"), nullptr) << host::console_output();
    EXPECT_EQ(failure("#!ipxe\ncertfree\nimgverify kernel kernel.sig"), &net::kCertificateUntrusted);
}

TEST_F(Trusting, OnlyTrustedScriptsRunWhenImgtrustWantsThat) {
    EXPECT_EQ(failure("#!ipxe\nimgtrust\nchain other"), &kNotTrusted);
    EXPECT_TRUE(said("chain other: the image is not trusted, and imgtrust lets no others run: see imgverify\n")) << host::console_output();
    EXPECT_FALSE(said("Unsigned\n"));
    EXPECT_EQ(failure("#!ipxe\nimgtrust --allow"), &kNotTrusted) << "no script is";
    EXPECT_TRUE(system.engine.run_line("imgtrust --allow && chain other").ok());
    EXPECT_TRUE(said("Unsigned\n"));
}

// The built-in script runs before anybody asks for trust, and is signed by nobody; it may go on, and call its own routines.
TEST_F(Trusting, TheScriptThatAsksForTrustGoesOn) {
    constexpr std::string_view kScript = "#!ipxe\nimgtrust\nimgverify menu menu.sig\nchain menu\ncall routine\nchain --replace other || echo no\nexit\n:routine\necho Routine\ninclude menu\n";
    EXPECT_EQ(failure(kScript), nullptr);
    EXPECT_TRUE(said("Signed\nRoutine\nSigned\n")) << host::console_output();
    EXPECT_TRUE(said("\nno\n")) << host::console_output();
    EXPECT_FALSE(said("Unsigned\n"));
}

TEST_F(Trusting, ARefusedReplacementLeavesTheCallerToDecide) {
    EXPECT_EQ(failure("#!ipxe\nimgfetch other\nimgtrust\nchain --replace other || echo no\nimgtrust --allow\nchain --replace other || echo no\necho never"), nullptr)
        << host::console_output();
    EXPECT_TRUE(said("chain other: the image is not trusted, and imgtrust lets no others run: see imgverify\nno\nUnsigned\n")) << host::console_output();
    EXPECT_FALSE(said("never"));
}

TEST_F(Trusting, UntrustedScriptsAreNotIncluded) {
    EXPECT_EQ(failure("#!ipxe\nimgtrust\ninclude other"), &kNotTrusted);
    EXPECT_FALSE(said("Unsigned\n"));
}

TEST_F(Trusting, OnlyTrustedProgramsAreStarted) {
    server.files["program"] = "\xeb\xfe" + std::string(100, '\x90');
    for (const char* starts : {"kernel program && boot", "kernel program && imgexec", "boot program", "chain program"}) {
        https_of(system).wants_trust = false;
        EXPECT_EQ(failure("#!ipxe\nimgfree\nimgtrust\n" + std::string(starts)), &kNotTrusted) << starts;
    }
    EXPECT_EQ(boots, 0u);
    system.images.find("program")->set_trusted(true);
    auto status = system.engine.run_line("boot program");
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(&status.failure(), &platform::kGaveBack);
    EXPECT_EQ(boots, 1u);
}

TEST_F(Trusting, WhatTheDhcpServerNamesIsRefusedLikeAllElse) {
    EXPECT_NE(failure("#!ipxe\nimgtrust\nset filename other\nautoboot"), nullptr);
    EXPECT_TRUE(said("the image is not trusted")) << host::console_output();
    EXPECT_FALSE(said("Unsigned\n"));
}

TEST_F(Trusting, ScriptletsAreRefusedLikeAllElse) {
    EXPECT_NE(failure("#!ipxe\nimgtrust\nset scriptlet echo Unsigned\nautoboot"), nullptr);
    EXPECT_TRUE(said("the image is not trusted")) << host::console_output();
    EXPECT_FALSE(said("\nUnsigned\n"));
}

TEST_F(Trusting, WhatIsPackedInATrustedImageIsTrusted) {
    std::string packed("\x1f\x8b\x08\0\0\0\0\0\0\x03\x01\x07\0\xf8\xff" "content", 22);
    packed += std::string("\xa9\x30\xc5\xfe\x07\0\0\0", 8);
    server.files["kernel.gz"] = packed;
    output("#!ipxe\nimgfetch kernel.gz");
    system.images.find("kernel.gz")->set_trusted(true);
    EXPECT_EQ(failure("#!ipxe\nimgextract --keep kernel.gz"), nullptr) << host::console_output();
    EXPECT_TRUE(is_trusted("kernel"));
    system.images.find("kernel.gz")->set_trusted(false);
    EXPECT_EQ(failure("#!ipxe\nimgextract kernel.gz"), nullptr);
    EXPECT_FALSE(is_trusted("kernel"));
}

TEST_F(Trusting, AnybodyMayRunAgainUnlessItWasPermanent) {
    EXPECT_EQ(failure("#!ipxe\nimgtrust\nimgtrust --allow\nchain other"), nullptr);
    EXPECT_TRUE(said("Unsigned\n"));
    EXPECT_EQ(failure("#!ipxe\nimgtrust --permanent\nimgtrust\nimgtrust --permanent\nimgtrust --allow || echo stays\nchain other"), &kNotTrusted);
    EXPECT_TRUE(said("imgtrust: imgtrust --permanent was said before, and holds\nstays\n")) << host::console_output();
    EXPECT_FALSE(said("Unsigned\n"));
}

TEST_F(Trusting, PermanentFreedomStaysAsWell) {
    EXPECT_NE(failure("#!ipxe\nimgtrust --allow --permanent\nimgtrust"), nullptr);
    EXPECT_EQ(failure("#!ipxe\nchain other"), nullptr);
}

TEST_F(Trusting, FilesThatAreTooLargeForASignatureAreRefused) {
    server.files["large"] = std::string(65537, '0');
    EXPECT_EQ(failure("#!ipxe\nimgverify kernel large"), &net::kBadSignatureFile);
    server.files["empty"] = "";
    EXPECT_EQ(failure("#!ipxe\nimgverify kernel empty"), &net::kBadSignatureFile);
}

TEST_F(Trusting, HashingStopsAtCtrlC) {
    server.files["big"] = std::string(3 << 20, 'x');
    output("#!ipxe\nimgfetch big\nimgfetch kernel.sig");
    host::type_key(platform::kCtrlC);
    EXPECT_EQ(failure("#!ipxe\nimgverify big kernel.sig"), &util::kCancelled);
    EXPECT_FALSE(is_trusted("big"));
}

TEST_F(Trusting, ChecksNeedAnI686) {
    const SystemParts& parts = system.parts;
    System old({.loop = parts.loop, .stack = parts.stack, .connector = parts.connector, .datagrams = parts.datagrams,
                .random = parts.random, .drives = parts.drives, .cpu = CpuLevel::I486});
    ASSERT_TRUE(old.start().ok());
    util::Vector<std::byte> a, b;
    ASSERT_TRUE(old.images.add("a", "", std::move(a)).ok());
    ASSERT_TRUE(old.images.add("b", "", std::move(b)).ok());
    EXPECT_FALSE(old.engine.run_line("imgverify a b").ok());
    EXPECT_NE(old.engine.last_error().find("i686"), std::string_view::npos);
}

}  // namespace
}  // namespace scripts
