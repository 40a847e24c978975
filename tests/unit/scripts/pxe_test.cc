// PXE services beside DHCP: proxyDHCP offers, early, late and on port 4011; menus, prompts and boot servers.
#include "scripts/pxe.h"

#include <gtest/gtest.h>
#include <platform/console.h>

#include "net/config/pxe_discovery.h"
#include "scripts/main.h"
#include "tests/unit/scripts/test_system.h"
#include "tests/unit/scripts/test_wire.h"

namespace scripts {
namespace {

using namespace std::string_literals;
using Type = net::DhcpMessageType;

constexpr net::Ipv4Address kProxy{10, 0, 2, 9};

std::string sub(std::uint8_t tag, const std::string& value) {
    return std::string{static_cast<char>(tag), static_cast<char>(value.size())} + value;
}
std::string line(unsigned type, const std::string& text) {
    return std::string{static_cast<char>(type >> 8), static_cast<char>(type), static_cast<char>(text.size())} + text;
}
std::string prompt(unsigned seconds, const std::string& text) { return sub(10, std::string(1, static_cast<char>(seconds)) + text); }
// Types 0, 1 and 7.
std::string menu() { return sub(9, line(1, "Install") + line(7, "Rescue") + line(0, "Local disk")); }

struct Pxe : testing::Test, TestSystem {
    Pxe() {
        EXPECT_TRUE(stack.add(server.end()).ok());
        server.files["booted"] = "#!ipxe\necho booted ${filename} from ${next-server}\n";
        server.files["rescue"] = "#!ipxe\necho rescue ${pxebs/filename} ${filename} ${ip}\n";
        server.other_service = [this](const net::DhcpMessage& request, net::Ipv4Endpoint to) { return serve(request, to); };
    }
    ~Pxe() override { unplug(); }
    // A proxyDHCP and boot server at the address of the TFTP server, so that files can be had.
    bool serve(const net::DhcpMessage& request, net::Ipv4Endpoint to) {
        auto item = request.options.find("43.71");
        if (request.type == Type::Discover) {
            if (offers) server.answer(request, Type::Offer, from, pxe(offered), offered_file);
            return false;
        }
        if (item) {
            asked.push_back(to);
            unsigned type = std::to_integer<unsigned>((*item)[1]);
            if (type == 7 && answers) server.answer(request, Type::Ack, from, pxe(sub(71, std::string("\0\7\0\0", 4))), "rescue");
            return true;
        }
        if (to.port != net::kPxeServicePort) return false;
        asked.push_back(to);
        EXPECT_EQ(request.header.ciaddr, net::Ipv4Address(10, 0, 2, 15));
        EXPECT_EQ(request.options.text(60).substr(0, 9), "PXEClient");
        if (answers) server.answer(request, Type::Ack, from, pxe(known), known_file);
        return true;
    }
    static std::vector<std::pair<std::uint8_t, std::string>> pxe(const std::string& inside) {
        std::vector<std::pair<std::uint8_t, std::string>> more{{60, "PXEClient"}};
        if (!inside.empty()) more.push_back({43, inside + "\xff"});
        return more;
    }
    std::string boot() {
        started_ = true;
        EXPECT_TRUE(run_main(system, "").ok()) << host::console_output();
        return host::console_output();
    }
    bool printed(std::string_view text) { return host::console_output().find(text) != std::string::npos; }

    TestServer server{loop, random, {{0x52, 0x54, 0, 0x12, 0x34, 0x56}}, 0x18};
    net::Ipv4Address from = TestServer::kAddress;
    bool offers = true, answers = true;
    std::string offered, offered_file, known, known_file;
    std::vector<net::Ipv4Endpoint> asked;
};

TEST_F(Pxe, BootsTheFileOfAProxysOffer) {
    offered_file = "booted";
    EXPECT_NE(boot().find("booted booted from 10.0.2.2"), std::string::npos) << host::console_output();
    EXPECT_TRUE(asked.empty());
    EXPECT_LT(loop.now().us(), 100000);
}

TEST_F(Pxe, AsksAProxyThatOffersNothingOnPort4011) {
    known_file = "booted";
    EXPECT_NE(boot().find("booted booted"), std::string::npos) << host::console_output();
    ASSERT_EQ(asked.size(), 1u);
    EXPECT_EQ(asked[0].address, TestServer::kAddress);
    EXPECT_EQ(asked[0].port, 4011);
}

TEST_F(Pxe, AsksTheDhcpServerThatIsAProxyItself) {
    offers = false;
    server.options[60] = "PXEClient";
    known_file = "booted";
    EXPECT_NE(boot().find("booted booted"), std::string::npos) << host::console_output();
}

TEST_F(Pxe, GoesOnWithoutAProxyThatIsSilentOnPort4011) {
    answers = false;
    EXPECT_FALSE(run_main(system, "").ok());
    EXPECT_EQ(asked.size(), 4u);
    EXPECT_TRUE(printed("names nothing to boot"));
    EXPECT_EQ(loop.now().us() / 1000000, 10);
}

TEST_F(Pxe, WaitsForALateProxyWhenAScriptAsksForIt) {
    offers = false;
    net::DhcpMessage discover;
    server.other_service = [&](const net::DhcpMessage& request, net::Ipv4Endpoint) {
        if (request.type == Type::Discover) discover = net::parse_dhcp(request.packet.span()).value();
        return false;
    };
    struct Late final : util::Poller {
        bool poll(util::Instant now) override {
            if (done || now < at) return false;
            done = true;
            act();
            return true;
        }
        util::Instant poll_at() const override { return done ? util::Instant::never() : at; }
        util::Instant at;
        bool done = false;
        std::function<void()> act;
    } late;
    late.at = loop.now() + util::Duration::milliseconds(300);
    late.act = [&] { server.answer(discover, Type::Offer, kProxy, pxe(""), "late"); };
    loop.add(late);
    EXPECT_EQ(output("#!ipxe\ndhcp net0\nisset ${proxydhcp/next-server} && echo ${proxydhcp/next-server} ${filename} ${next-server} ${net0.dhcp/next-server}"),
              "Configuring (net0 52:54:00:12:34:56)... ok\n10.0.2.9 late 10.0.2.9 10.0.2.2\n");
    EXPECT_EQ(loop.now().us() / 100000, 3);
}

TEST_F(Pxe, WaitsForNobodyWhenScriptsDoNotAsk) {
    offers = false;
    output("#!ipxe\ndhcp net0\necho ${hostname} ${root-path} ${next-server}");
    EXPECT_LT(loop.now().us(), 100000);
}

TEST_F(Pxe, WaitsOnceOnly) {
    offers = false;
    output("#!ipxe\ndhcp net0\nisset ${filename} || isset ${filename} || isset ${proxydhcp/ip} || echo none");
    EXPECT_LT(loop.now().us(), 600000);
    EXPECT_TRUE(printed("none"));
}

TEST_F(Pxe, DoesNotWaitWithNoPxedhcp) {
    offers = false;
    output("#!ipxe\nset no-pxedhcp 1\ndhcp net0\nisset ${filename} || echo none\nautoboot || echo nothing");
    EXPECT_LT(loop.now().us(), 100000);
    server.options[175] = "\xb0\x01\x01"s;
    output("#!ipxe\nclear no-pxedhcp\ndhcp net0\necho ${no-pxedhcp}\nisset ${filename} || echo none");
    EXPECT_LT(loop.now().us(), 100000);
    EXPECT_TRUE(printed("1\nnone"));
}

TEST_F(Pxe, ShowsTheMenuAndBootsFromTheServerThatWasChosen) {
    offered = menu() + prompt(255, "Choose");
    host::type_key(platform::kKeyDown);
    host::type("\r");
    std::string out = boot();
    EXPECT_NE(out.find("Choose"), std::string::npos);
    EXPECT_NE(out.find("Rescue"), std::string::npos);
    EXPECT_NE(out.find("rescue rescue rescue 10.0.2.15"), std::string::npos) << out;
    ASSERT_EQ(asked.size(), 1u);
    EXPECT_TRUE(asked[0].address.is_limited_broadcast());
    EXPECT_EQ(asked[0].port, 67);
}

TEST_F(Pxe, TakesTheFirstLineAfterThePrompt) {
    offered = sub(9, line(7, "Rescue") + line(1, "Install")) + prompt(3, "Press F8");
    std::string out = boot();
    EXPECT_NE(out.find("\rPress F8 3 \rPress F8 2 \rPress F8 1 \n"), std::string::npos) << out;
    EXPECT_NE(out.find("rescue rescue"), std::string::npos);
    EXPECT_EQ(loop.now().us() / 1000000, 3);
}

TEST_F(Pxe, TakesTheFirstLineAtOnceWithoutTimeout) {
    offered = sub(9, line(7, "Rescue")) + prompt(0, "never seen");
    EXPECT_EQ(boot().find("never seen"), std::string::npos);
    EXPECT_TRUE(printed("rescue rescue"));
}

TEST_F(Pxe, ShowsTheMenuOnF8) {
    offered = menu() + prompt(3, "Press F8");
    host::type("x");
    host::type_key(platform::kKeyF1 + 7);
    host::type("2");
    boot();
    EXPECT_TRUE(printed("rescue rescue")) << host::console_output();
}

TEST_F(Pxe, LeavesTheMachineToItsDisk) {
    offered = menu() + prompt(255, "Choose");
    host::type("3");
    boot();
    EXPECT_TRUE(asked.empty());
    EXPECT_FALSE(printed("Filename"));
}

TEST_F(Pxe, LoadsTheFileAtOnceWhenTheControlBitsSaySo) {
    offered = menu() + prompt(255, "Choose") + sub(6, "\x08");
    offered_file = "booted";
    EXPECT_NE(boot().find("booted booted"), std::string::npos);
    EXPECT_FALSE(printed("Choose"));
}

TEST_F(Pxe, AsksListedServersAndTheMulticastGroupAsTheControlBitsSay) {
    std::string multicast = sub(7, "\xe0\0\1\2"s), list = sub(8, "\0\7\2\x0a\0\2\2\x0a\0\2\x63\0\1\1\x0a\0\2\x64"s);
    offered = menu() + prompt(255, "Choose") + sub(6, "\x01") + multicast + list;
    host::type("2");
    boot();
    ASSERT_EQ(asked.size(), 2u);  // one listed server is not there
    EXPECT_EQ(asked[0].address, net::Ipv4Address(224, 0, 1, 2));
    EXPECT_EQ(asked[0].port, 4011);
    EXPECT_EQ(asked[1].address, TestServer::kAddress);  // after ARP
    EXPECT_EQ(asked[1].port, 4011);
}

TEST_F(Pxe, TakesListedServersOnlyWhenToldSo) {
    offered = menu() + prompt(255, "Choose") + sub(6, "\x06") + sub(8, "\0\7\1\x0a\0\2\x63"s);
    host::type("2");
    started_ = true;
    EXPECT_FALSE(run_main(system, "").ok());
    EXPECT_EQ(asked.size(), 4u);  // broadcast, answered by one that is not listed
    EXPECT_TRUE(printed("no PXE boot server of that type answered")) << host::console_output();
    offered = menu() + prompt(255, "Choose") + sub(6, "\x06") + sub(8, "\0\7\0"s);  // any of type 7
    host::type("2");
    EXPECT_TRUE(run("#!ipxe\nautoboot").ok()) << host::console_output();
}

TEST_F(Pxe, FindsBootServersByCommand) {
    EXPECT_EQ(output("#!ipxe\ndhcp net0\npxebs net0 7\necho ${filename} ${pxebs/next-server} ${pxebs/60} ${dhcp-server}\n"
                     "dhcp net0\necho [${pxebs/filename}]"),
              "Configuring (net0 52:54:00:12:34:56)... ok\nrescue 10.0.2.2 PXEClient 10.0.2.2\n"
              "Configuring (net0 52:54:00:12:34:56)... ok\n[]\n");
    EXPECT_EQ(&run("#!ipxe\npxebs net0 8").failure(), &net::kPxeNoServer);
    EXPECT_EQ(&run("#!ipxe\npxebs net0 70000").failure(), &kBadOptionValue);
    EXPECT_EQ(&run("#!ipxe\npxebs net9 7").failure(), &kNoSuchInterface);
}

TEST_F(Pxe, LeavesThePortToDhcpAfterwards) {
    host::type("2");
    offered = menu() + prompt(255, "Choose");
    boot();
    EXPECT_TRUE(run("#!ipxe\ndhcp net0").ok()) << host::console_output();
}

}  // namespace
}  // namespace scripts
