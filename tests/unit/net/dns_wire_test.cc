#include <gtest/gtest.h>

#include <string>

#include "net/wire/dns.h"

namespace net {
namespace {

using namespace std::string_literals;

// Builds replies to the question "host.example".
class Reply {
  public:
    explicit Reply(std::uint16_t answers, std::uint16_t flags = 0x8180) {
        be16(0x1234), be16(flags), be16(1), be16(answers), be16(0), be16(0);
        text_ += "\4host\7example\0"s;
        be16(1), be16(1);
    }
    Reply& record(std::string owner, std::uint16_t type, std::string data) {
        text_ += owner;
        be16(type), be16(1), be16(0), be16(60);
        be16(static_cast<std::uint16_t>(data.size()));
        text_ += data;
        return *this;
    }
    DnsReply parse(std::uint16_t id = 0x1234, std::string_view name = "host.example") const {
        return parse_dns_reply(util::as_bytes(text_), id, name);
    }
    std::string text_;

  private:
    void be16(std::uint16_t value) {
        text_ += static_cast<char>(value >> 8);
        text_ += static_cast<char>(value);
    }
};

const std::string kQuestionName = "\xc0\x0c"s;
using Outcome = DnsReply::Outcome;

TEST(DnsWire, QueryReadsBackAsItsQuestion) {
    std::byte buffer[kDnsMaximumMessage];
    util::Bytes query = write_dns_query(buffer, 7, "www.Example.com.", DnsType::A);
    EXPECT_EQ(query.size(), 12 + 17 + 4u);
    std::size_t offset = 12;
    DnsName name;
    ASSERT_TRUE(read_dns_name(query, offset, name));
    EXPECT_EQ(name.view(), "www.Example.com");
    EXPECT_EQ(offset, 12 + 17u);
}

TEST(DnsWire, RefusesNamesThatDnsCannotCarry) {
    std::byte buffer[kDnsMaximumMessage];
    for (std::string name : {""s, "."s, "a..b"s, ".a"s, std::string(64, 'a'), std::string(254, 'a')})
        EXPECT_TRUE(write_dns_query(buffer, 7, name, DnsType::A).empty()) << name;
    EXPECT_FALSE(write_dns_query(buffer, 7, std::string(63, 'a'), DnsType::A).empty());
}

TEST(DnsWire, GivesTheAddresses) {
    auto reply = Reply(2).record(kQuestionName, 1, "\x0a\0\0\1"s).record(kQuestionName, 1, "\x0a\0\0\2"s).parse();
    EXPECT_EQ(reply.outcome, Outcome::Addresses);
    ASSERT_EQ(reply.address_count, 2);
    EXPECT_EQ(reply.addresses[1], Ipv4Address(10, 0, 0, 2));
}

TEST(DnsWire, FollowsAliasesInAnyOrder) {
    auto reply = Reply(3)
                     .record("\1c\0"s, 1, "\x0a\0\0\3"s)
                     .record("\1b\0"s, 5, "\1c\0"s)
                     .record(kQuestionName, 5, "\1b\0"s)
                     .parse();
    EXPECT_EQ(reply.outcome, Outcome::Addresses);
    EXPECT_EQ(reply.addresses[0], Ipv4Address(10, 0, 0, 3));
}

TEST(DnsWire, TellsAnAliasThatWasNotResolved) {
    auto reply = Reply(1).record(kQuestionName, 5, "\3www\xc0\x11"s).parse();
    EXPECT_EQ(reply.outcome, Outcome::Alias);
    EXPECT_EQ(reply.alias.view(), "www.example");
}

TEST(DnsWire, EndsALoopOfAliases) {
    auto reply = Reply(2).record(kQuestionName, 5, "\1b\0"s).record("\1b\0"s, 5, kQuestionName).parse();
    EXPECT_EQ(reply.outcome, Outcome::ServerFailure);
}

TEST(DnsWire, NamesTheFailures) {
    EXPECT_EQ(Reply(0).parse().outcome, Outcome::NoAddress);
    EXPECT_EQ(Reply(0, 0x8183).parse().outcome, Outcome::NoSuchName);
    EXPECT_EQ(Reply(0, 0x8182).parse().outcome, Outcome::ServerFailure);
    EXPECT_EQ(Reply(0, 0x8380).parse().outcome, Outcome::ServerFailure);
}

TEST(DnsWire, DropsWhatDoesNotAnswerTheQuestion) {
    Reply good(1);
    good.record(kQuestionName, 1, "\x0a\0\0\1"s);
    EXPECT_EQ(good.parse(0x1235).outcome, Outcome::NotOurs);
    EXPECT_EQ(good.parse(0x1234, "other.example").outcome, Outcome::NotOurs);
    EXPECT_EQ(Reply(0, 0x0100).parse().outcome, Outcome::NotOurs);
    EXPECT_EQ(good.parse(0x1234, "HOST.example").outcome, Outcome::Addresses);
}

TEST(DnsWire, SurvivesEveryTruncation) {
    Reply good(1);
    good.record(kQuestionName, 1, "\x0a\0\0\1"s);
    for (std::size_t size = 0; size < good.text_.size(); ++size) {
        Reply cut = good;
        cut.text_.resize(size);
        EXPECT_EQ(cut.parse().outcome, Outcome::NotOurs) << size;
    }
}

TEST(DnsWire, RefusesPointersThatDoNotGoBack) {
    for (std::string bytes : {"\xc0\0"s, "\xc0\2"s, "\1a\xc0\0"s, "\1a\xc0\2"s, "\xc0"s, "\x40"s}) {
        std::size_t offset = 0;
        DnsName name;
        EXPECT_FALSE(read_dns_name(util::as_bytes(bytes), offset, name));
    }
}

TEST(DnsWire, RefusesNamesOverTheLimit) {
    std::string bytes;
    for (int i = 0; i < 5; ++i) bytes += "\x3f" + std::string(63, 'a');
    bytes += '\0';
    std::size_t offset = 0;
    DnsName name;
    EXPECT_FALSE(read_dns_name(util::as_bytes(bytes), offset, name));
}

}  // namespace
}  // namespace net
