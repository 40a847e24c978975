// Every form of iSCSI URI that people write, and what is wrong with the others.
#include "san/iscsi_uri.h"

#include <gtest/gtest.h>

#include "san/iscsi_failures.h"

namespace {

using san::parse_iscsi_uri;
using san::ScsiLun;

const util::Failure* why(std::string_view text) {
    auto uri = parse_iscsi_uri(text);
    return uri.ok() ? nullptr : &uri.failure();
}

TEST(IscsiUri, HasDefaultsForEmptyFields) {
    auto uri = parse_iscsi_uri("iscsi:192.168.0.20::::iqn.2009-02.com.example:win7").take();
    EXPECT_EQ(uri.server.view(), "192.168.0.20");
    EXPECT_EQ(uri.port, 3260);
    EXPECT_EQ(uri.lun, ScsiLun{});
    EXPECT_EQ(uri.target.view(), "iqn.2009-02.com.example:win7");
}
TEST(IscsiUri, TakesTheWordTcpOrItsNumber) {
    for (auto text : {"iscsi:s:tcp:3261:1:iqn.x:y", "iscsi:s:6:3261:1:iqn.x:y", "ISCSI:s:TCP:3261:1:iqn.x:y"}) {
        auto uri = parse_iscsi_uri(text).take();
        EXPECT_EQ(uri.port, 3261);
        EXPECT_EQ(uri.lun.bytes[1], 1);
        EXPECT_EQ(uri.target.view(), "iqn.x:y");
    }
    EXPECT_EQ(why("iscsi:s:udp:3260:0:iqn.x"), &san::kBadProtocol);
    EXPECT_EQ(why("iscsi:s:17:3260:0:iqn.x"), &san::kBadProtocol);
}
TEST(IscsiUri, TakesALunAlone) {
    EXPECT_EQ(parse_iscsi_uri("iscsi:10.0.0.1:::2:iqn.x:y").take().lun.bytes[1], 2);
}
TEST(IscsiUri, ReadsLunsAsHexadecimalGroups) {
    EXPECT_EQ(san::parse_lun("a").take(), (ScsiLun{{0, 0x0a}}));
    EXPECT_EQ(san::parse_lun("4100").take(), (ScsiLun{{0x41, 0}}));
    EXPECT_EQ(san::parse_lun("1-2-3-4").take(), (ScsiLun{{0, 1, 0, 2, 0, 3, 0, 4}}));
    EXPECT_EQ(san::parse_lun("0001-0000-0000-0000").take(), (ScsiLun{{0, 1}}));
    for (auto bad : {"", "g", "12345", "1-", "-1", "1-2-3-4-5", "1--2", "0x1", " 1"})
        EXPECT_FALSE(san::parse_lun(bad).ok()) << bad;
}
TEST(IscsiUri, WritesLunsAsItReadsThem) {
    for (auto text : {"0", "1", "a", "4100", "0001-0002", "0000-0000-0000-0001"})
        EXPECT_EQ(san::to_text(san::parse_lun(text).take()).view(), text);
}
TEST(IscsiUri, ExplainsPortAndLunInEachOthersPlace) {
    EXPECT_EQ(why("iscsi:10.0.0.1:tcp:1:3260:iqn.x:y"), &san::kPortAndLunSwapped);
    EXPECT_EQ(why("iscsi:10.0.0.1:::3260:iqn.x:y"), &san::kPortAndLunSwapped);
}
TEST(IscsiUri, RefusesBadPorts) {
    for (auto bad : {"0", "65536", "abc", "-1", "99999999999999999999"})
        EXPECT_EQ(why(std::string("iscsi:s::") + bad + "::iqn.x"), &san::kBadPort) << bad;
}
TEST(IscsiUri, TakesIpv6InBrackets) {
    auto uri = parse_iscsi_uri("iscsi:[2001:db8::1]::3261:1:iqn.x:y").take();
    EXPECT_TRUE(uri.is_ipv6);
    EXPECT_EQ(uri.server.view(), "2001:db8::1");
    EXPECT_EQ(uri.port, 3261);
    for (auto bad : {"iscsi:[2001:db8::1:::1:iqn.x", "iscsi:[]::::iqn.x", "iscsi:[::1]x::::iqn.x"})
        EXPECT_FALSE(parse_iscsi_uri(bad).ok()) << bad;
}
TEST(IscsiUri, SaysWhatIsMissing) {
    EXPECT_EQ(why("iscsi:::::iqn.x"), &san::kNoServer);
    EXPECT_EQ(why("iscsi:s::::"), &san::kNoTargetName);
    EXPECT_EQ(why("iscsi:s"), &san::kNotIscsiUri);
    EXPECT_EQ(why("iscsi:s:::iqn.x"), &san::kNotIscsiUri);
    EXPECT_EQ(why("iscsi:"), &san::kNotIscsiUri);
    EXPECT_EQ(why("iscsi://s/iqn.x"), &san::kNotIscsiUri);
    EXPECT_EQ(why("http://s/x"), &san::kNotIscsiUri);
    EXPECT_EQ(why(""), &san::kNotIscsiUri);
}
TEST(IscsiUri, ChecksTargetNames) {
    for (auto good : {"iqn.2001-04.com.example:storage", "eui.02004567A425678D", "naa.52004567BA64678D", "IQN.x"})
        EXPECT_TRUE(san::check_iscsi_name(good).ok()) << good;
    for (auto bad : {"", "iqn.", "disk1", "iqn", "iqn.a b", "iqn.a\n", "nqn.x"})
        EXPECT_FALSE(san::check_iscsi_name(bad).ok()) << bad;
    EXPECT_TRUE(san::check_iscsi_name("iqn." + std::string(219, 'x')).ok());
    EXPECT_FALSE(san::check_iscsi_name("iqn." + std::string(220, 'x')).ok());
}
TEST(IscsiUri, RefusesServersThatAreTooLong) {
    EXPECT_EQ(why("iscsi:" + std::string(256, 's') + "::::iqn.x"), &util::kTooLong);
}
TEST(IscsiUri, ReadsTargetAddresses) {
    auto portal = san::parse_target_address("192.0.2.1:3261,1").take();
    EXPECT_EQ(portal.server, "192.0.2.1");
    EXPECT_EQ(portal.port, 3261);
    EXPECT_EQ(san::parse_target_address("server.example,2").take().port, 3260);
    EXPECT_TRUE(san::parse_target_address("[::1]:3260,1").take().is_ipv6);
    for (auto bad : {"", ",1", ":3260", "a:", "a:b", "a:70000", "[::1"})
        EXPECT_FALSE(san::parse_target_address(bad).ok()) << bad;
}

}  // namespace
