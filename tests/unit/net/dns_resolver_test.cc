#include <gtest/gtest.h>

#include <map>

#include "net/config/resolver.h"
#include "tests/unit/net/datagram_fake.h"

namespace net {
namespace {

using namespace std::string_literals;
using util::Duration;

constexpr Ipv4Address kFirst{10, 0, 0, 1}, kSecond{10, 0, 0, 2}, kAddress{192, 0, 2, 7};

struct Answer {
    unsigned rcode = 0;
    std::string alias;  // in wire form
    std::optional<Ipv4Address> address;
};

class Dns : public testing::Test {
  protected:
    Dns() {
        settings.servers[0] = kFirst;
        settings.servers[1] = kSecond;
        settings.server_count = 1;
        network.on_send = [this](auto& remote, auto& query) { serve(remote, query); };
    }
    void serve(const Ipv4Endpoint& remote, const std::string& query) {
        DnsName name;
        std::size_t offset = 12;
        ASSERT_TRUE(read_dns_name(util::as_bytes(query), offset, name));
        asked.push_back(std::string(to_text(remote.address).view()) + " " + std::string(name.view()));
        auto entry = answers.find(asked.back());
        if (entry == answers.end()) return;
        reply(remote, query, entry->second);
    }
    void reply(const Ipv4Endpoint& from, const std::string& query, const Answer& answer) {
        unsigned records = !answer.alias.empty() + answer.address.has_value();
        std::string text = query.substr(0, 2) + big_endian(0x8180 | answer.rcode) + big_endian(1) + big_endian(records) +
                           "\0\0\0\0"s + query.substr(12);
        if (!answer.alias.empty())
            text += "\xc0\x0c\0\5\0\1\0\0\0\0"s + big_endian(answer.alias.size()) + answer.alias;
        if (answer.address)
            text += "\xc0\x0c\0\1\0\1\0\0\0\0\0\4"s + std::string(reinterpret_cast<const char*>(&*answer.address), 4);
        network.put(from, text);
    }
    // The address, or the failure's text.
    std::string find(std::string_view name, util::Instant deadline = util::Instant::never()) {
        auto result = resolve(context, name, deadline);
        return result.ok() ? std::string(to_text(result.value()).view()) : result.failure().text;
    }
    static std::int64_t seconds() { return util::Loop().now().us() / 1000000; }

    FakeDatagrams network;
    CountingRandom random;
    DnsSettings settings;
    util::Loop loop;
    DnsContext context{loop, network, random, settings, {}};
    std::map<std::string, Answer> answers;
    std::vector<std::string> asked;
};

TEST_F(Dns, AddressesNeedNoServer) {
    settings.server_count = 0;
    EXPECT_EQ(find("192.0.2.1"), "192.0.2.1");
    EXPECT_TRUE(network.sent.empty());
}

TEST_F(Dns, FindsAnAddress) {
    answers["10.0.0.1 www.example"] = {.address = kAddress};
    EXPECT_EQ(find("www.example"), "192.0.2.7");
    EXPECT_EQ(asked.size(), 1u);
    EXPECT_EQ(network.open_now, 0u);
}

TEST_F(Dns, AsksForAnAliasThatTheServerDidNotResolve) {
    answers["10.0.0.1 www.example"] = {.alias = "\4real\7example\0"s};
    answers["10.0.0.1 real.example"] = {.address = kAddress};
    EXPECT_EQ(find("www.example"), "192.0.2.7");
}

TEST_F(Dns, EndsALoopOfAliases) {
    answers["10.0.0.1 a.example"] = {.alias = "\1b\7example\0"s};
    answers["10.0.0.1 b.example"] = {.alias = "\1a\7example\0"s};
    EXPECT_EQ(find("a.example"), kDnsServerFailure.text);
    EXPECT_LE(asked.size(), 9u);
}

TEST_F(Dns, TriesSearchDomainsFirstForANameWithoutDot) {
    settings.search.text("one.example two.example");
    answers["10.0.0.1 box.one.example"] = {.rcode = 3};
    answers["10.0.0.1 box.two.example"] = {.address = kAddress};
    EXPECT_EQ(find("box"), "192.0.2.7");
}

TEST_F(Dns, TriesTheBareNameLast) {
    settings.search.text("one.example");
    answers["10.0.0.1 box.one.example"] = {.rcode = 3};
    answers["10.0.0.1 box"] = {.address = kAddress};
    EXPECT_EQ(find("box"), "192.0.2.7");
}

TEST_F(Dns, TriesANameWithDotAsItIsFirst) {
    settings.search.text("one.example");
    answers["10.0.0.1 a.b"] = {.rcode = 3};
    answers["10.0.0.1 a.b.one.example"] = {.address = kAddress};
    EXPECT_EQ(find("a.b"), "192.0.2.7");
}

TEST_F(Dns, AFinalDotRulesOutTheSearchDomains) {
    settings.search.text("one.example");
    answers["10.0.0.1 a.b"] = {.rcode = 3};
    EXPECT_EQ(find("a.b."), kDnsNoSuchName.text);
    EXPECT_EQ(asked.size(), 1u);
}

TEST_F(Dns, SaysThatThereIsNoSuchName) {
    settings.search.text("one.example");
    answers["10.0.0.1 nope"] = answers["10.0.0.1 nope.one.example"] = {.rcode = 3};
    EXPECT_EQ(find("nope"), kDnsNoSuchName.text);
    EXPECT_EQ(context.detail.view(), "nope, server 10.0.0.1");
}

TEST_F(Dns, SaysThatTheNameHasNoAddress) {
    answers["10.0.0.1 v6.example"] = {};
    EXPECT_EQ(find("v6.example"), kDnsNoAddress.text);
}

TEST_F(Dns, TurnsToTheNextServerWhenOneFails) {
    settings.server_count = 2;
    answers["10.0.0.1 www.example"] = {.rcode = 2};
    answers["10.0.0.2 www.example"] = {.address = kAddress};
    EXPECT_EQ(find("www.example"), "192.0.2.7");
    EXPECT_EQ(seconds(), 0);
}

TEST_F(Dns, TurnsToTheNextServerWhenOneIsSilent) {
    settings.server_count = 2;
    answers["10.0.0.2 www.example"] = {.address = kAddress};
    EXPECT_EQ(find("www.example"), "192.0.2.7");
    EXPECT_EQ(seconds(), 1);
}

TEST_F(Dns, GivesUpOnSilentServers) {
    EXPECT_EQ(find("www.example"), kDnsTimedOut.text);
    EXPECT_EQ(seconds(), 7);
    EXPECT_EQ(asked.size(), 3u);
}

TEST_F(Dns, KeepsToTheDeadline) {
    EXPECT_EQ(find("www.example", util::Instant() + Duration::seconds(2)), util::kTimedOut.text);
    EXPECT_EQ(seconds(), 2);
}

TEST_F(Dns, SaysThatServersCannotAnswer) {
    answers["10.0.0.1 www.example"] = {.rcode = 5};
    EXPECT_EQ(find("www.example"), kDnsServerFailure.text);
    EXPECT_EQ(asked.size(), 3u);
}

TEST_F(Dns, NamesWhatIsMissing) {
    EXPECT_EQ(find("bad..name"), kDnsBadName.text);
    EXPECT_EQ(find(std::string(300, 'x')), kDnsBadName.text);
    settings.server_count = 0;
    EXPECT_EQ(find("www.example"), kDnsNoServer.text);
    EXPECT_EQ(context.detail.view(), "www.example");
}

TEST_F(Dns, BelievesOnlyItsServers) {
    network.on_send = [&](auto& remote, auto& query) {
        reply({{10, 0, 0, 66}, kDnsPort}, query, {.address = kAddress});
        reply({remote.address, 5353}, query, {.address = kAddress});
        std::string other = query;
        other[0] = static_cast<char>(other[0] ^ 1);
        reply(remote, other, {.address = kAddress});
        network.put(remote, "nonsense");
    };
    EXPECT_EQ(find("www.example"), kDnsTimedOut.text);
}

TEST_F(Dns, TakesALateAnswer) {
    unsigned count = 0;
    std::string first;
    network.on_send = [&](auto& remote, auto& query) {
        if (++count == 1) first = query;
        else reply(remote, first, {.address = kAddress});
    };
    EXPECT_EQ(find("www.example"), "192.0.2.7");
}

TEST_F(Dns, SkipsCandidatesThatAreTooLong) {
    settings.search.text(std::string(250, 'x') + " ok");
    answers["10.0.0.1 box.ok"] = {.address = kAddress};
    EXPECT_EQ(find("box"), "192.0.2.7");
}

TEST_F(Dns, CtrlCEndsIt) {
    network.on_send = [&](auto&, auto&) { host::type("\x03"); };
    EXPECT_EQ(find("www.example"), util::kCancelled.text);
    EXPECT_EQ(network.open_now, 0u);
}

}  // namespace
}  // namespace net
