#include "san/ibft.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "san/ibft_format.h"

namespace san {

namespace {

using net::Ipv4Address;

constexpr std::string_view kIqn = "iqn.2010-04.org.example:machine";

IbftNic nic(std::uint16_t pci, std::uint8_t last_octet) {
    IbftNic nic;
    nic.mac = {{0x52, 0x54, 0, 0x12, 0x34, last_octet}};
    nic.pci = pci;
    nic.address = Ipv4Address(10, 0, 2, last_octet);
    nic.prefix_length = 24;
    nic.origin = IbftOrigin::Dhcp;
    nic.gateway = Ipv4Address(10, 0, 2, 2);
    nic.dns1 = Ipv4Address(10, 0, 2, 3);
    nic.dns2 = Ipv4Address(8, 8, 8, 8);
    nic.dhcp_server = Ipv4Address(10, 0, 2, 4);
    nic.vlan = 42;
    nic.host_name = "box";
    return nic;
}

IbftTarget target(Ipv4Address address, std::size_t nic) {
    IbftTarget target;
    target.address = address;
    target.port = 3261;
    target.lun = {0, 1};
    target.name = "iqn.2010-04.org.example:disk";
    target.nic = nic;
    target.logged_in = true;
    return target;
}

const Ipv4Address kNear(10, 0, 2, 100), kFar(192, 168, 7, 7);

class IbftTest : public testing::Test {
  protected:
    util::Result<IbftTable> build(std::size_t room = 1536) {
        buffer.assign(room, std::byte{0xee});
        auto table = build_ibft({kIqn, nics, targets}, buffer);
        if (table.ok()) {
            bytes = table.value().bytes;
            warnings = table.value().warnings;
            EXPECT_TRUE(parse_ibft(bytes, contents).ok());
        }
        return table;
    }
    std::string raw(std::size_t at, std::size_t size) {
        return std::string(util::as_text(bytes.subspan(at, size)));
    }
    unsigned word(std::size_t at) {
        return std::to_integer<unsigned>(bytes[at]) | std::to_integer<unsigned>(bytes[at + 1]) << 8;
    }
    unsigned byte(std::size_t at) { return std::to_integer<unsigned>(bytes[at]); }

    std::vector<IbftNic> nics{nic(0x0018, 15)};
    std::vector<IbftTarget> targets{target(kNear, 0)};
    std::vector<std::byte> buffer;
    util::Bytes bytes;
    IbftWarnings warnings;
    IbftContents contents;
};

}  // namespace

// Against the offsets that the specification prints, not against our own structures.
TEST_F(IbftTest, PutsEveryFieldWhereTheSpecificationWantsIt) {
    nics[0].boot = IbftBoot::Yes;
    targets[0].address = kFar;
    targets[0].boot = IbftBoot::Yes;
    targets[0].chap = IbftChap::Mutual;
    targets[0].chap_name = "user";
    targets[0].chap_secret = "secret-of-user";
    targets[0].reverse_chap_name = "target";
    targets[0].reverse_chap_secret = "secret-of-disk";
    ASSERT_TRUE(build().ok());

    EXPECT_EQ(raw(0, 4), "iBFT");
    EXPECT_EQ(word(4), bytes.size());
    EXPECT_EQ(word(6), 0u);
    EXPECT_EQ(byte(8), 1u);
    EXPECT_EQ(raw(10, 14), "SANPIPSanpiper");
    std::uint8_t sum = 0;
    for (std::byte b : bytes) sum = static_cast<std::uint8_t>(sum + std::to_integer<unsigned>(b));
    EXPECT_EQ(sum, 0);

    EXPECT_EQ(raw(48, 6), std::string("\x01\x01\x12\x00\x00\x00", 6));
    EXPECT_EQ(word(54), 0u);
    std::size_t initiator = word(56), nic0 = word(58), target0 = word(60);
    EXPECT_EQ(word(62), 0u);
    EXPECT_EQ(word(64), 0u);
    for (std::size_t at : {initiator, nic0, target0}) EXPECT_EQ(at % 8, 0u);

    EXPECT_EQ(raw(initiator, 6), std::string("\x02\x01\x4a\x00\x00\x03", 6));
    EXPECT_EQ(raw(initiator + 6, 64), std::string(64, '\0'));
    EXPECT_EQ(raw(word(initiator + 72), word(initiator + 70) + 1), std::string(kIqn) + '\0');

    EXPECT_EQ(raw(nic0, 6), std::string("\x03\x01\x66\x00\x00\x07", 6));
    std::string mapped = std::string(10, '\0') + "\xff\xff";
    EXPECT_EQ(raw(nic0 + 6, 16), mapped + "\x0a" + '\0' + "\x02\x0f");
    EXPECT_EQ(byte(nic0 + 22), 24u);
    EXPECT_EQ(byte(nic0 + 23), 3u);
    EXPECT_EQ(raw(nic0 + 24, 16), mapped + "\x0a" + '\0' + "\x02\x02");
    EXPECT_EQ(raw(nic0 + 40, 16), mapped + "\x0a" + '\0' + "\x02\x03");
    EXPECT_EQ(raw(nic0 + 56, 16), mapped + "\x08\x08\x08\x08");
    EXPECT_EQ(raw(nic0 + 72, 16), mapped + "\x0a" + '\0' + "\x02\x04");
    EXPECT_EQ(word(nic0 + 88), 42u);
    EXPECT_EQ(raw(nic0 + 90, 6), std::string("\x52\x54\x00\x12\x34\x0f", 6));
    EXPECT_EQ(word(nic0 + 96), 0x0018u);
    EXPECT_EQ(raw(word(nic0 + 100), word(nic0 + 98)), "box");

    EXPECT_EQ(raw(target0, 6), std::string("\x04\x01\x36\x00\x00\x03", 6));
    EXPECT_EQ(raw(target0 + 6, 16), mapped + "\xc0\xa8\x07\x07");
    EXPECT_EQ(word(target0 + 22), 3261u);
    EXPECT_EQ(raw(target0 + 24, 8), std::string("\0\1\0\0\0\0\0\0", 8));
    EXPECT_EQ(byte(target0 + 32), 2u);
    EXPECT_EQ(byte(target0 + 33), 0u);
    std::string_view texts[] = {"iqn.2010-04.org.example:disk", "user", "secret-of-user", "target",
                                "secret-of-disk"};
    for (std::size_t i = 0; i < std::size(texts); ++i) {
        std::size_t at = target0 + 34 + i * 4;
        EXPECT_EQ(raw(word(at + 2), word(at) + 1), std::string(texts[i]) + '\0');
    }
}

TEST_F(IbftTest, ReadsBackWhatWasPutIn) {
    ASSERT_TRUE(build().ok());
    EXPECT_EQ(contents.initiator_name, kIqn);
    ASSERT_EQ(contents.nic_count, 1u);
    const IbftNic& seen = contents.nics[0];
    EXPECT_EQ(seen.mac, nics[0].mac);
    EXPECT_EQ(seen.address, nics[0].address);
    EXPECT_EQ(seen.prefix_length, 24);
    EXPECT_EQ(seen.origin, IbftOrigin::Dhcp);
    EXPECT_EQ(seen.dns2, nics[0].dns2);
    EXPECT_EQ(seen.vlan, 42);
    EXPECT_EQ(seen.host_name, "box");
    EXPECT_EQ(seen.boot, IbftBoot::No);
    ASSERT_EQ(contents.target_count, 1u);
    EXPECT_EQ(contents.targets[0].name, targets[0].name);
    EXPECT_EQ(contents.targets[0].chap, IbftChap::None);
    EXPECT_FALSE(warnings.any());
}

TEST_F(IbftTest, HasAGatewayOnlyWhenATargetIsBehindIt) {
    ASSERT_TRUE(build().ok());
    EXPECT_TRUE(contents.nics[0].gateway.is_unspecified());
    targets.push_back(target(kFar, 0));
    ASSERT_TRUE(build().ok());
    EXPECT_EQ(contents.nics[0].gateway, Ipv4Address(10, 0, 2, 2));
    nics[0].gateway = {};
    ASSERT_TRUE(build().ok());
    EXPECT_TRUE(contents.nics[0].gateway.is_unspecified());
}

TEST_F(IbftTest, ListsNicsInPciOrderAndTargetsByThem) {
    nics = {nic(0x0200, 1), nic(0x0010, 2), nic(0x0018, 3)};
    nics[2].boot = IbftBoot::Yes;
    targets = {target(kNear, 2), target(kFar, 0)};
    ASSERT_TRUE(build().ok());
    ASSERT_EQ(contents.nic_count, 3u);
    EXPECT_EQ(contents.nics[0].pci, 0x0010);
    EXPECT_EQ(contents.nics[1].pci, 0x0018);
    EXPECT_EQ(contents.nics[1].boot, IbftBoot::Yes);
    EXPECT_EQ(contents.nics[2].pci, 0x0200);
    EXPECT_EQ(contents.targets[0].nic, 1u);
    EXPECT_EQ(contents.targets[1].nic, 2u);
    EXPECT_TRUE(contents.nics[1].gateway.is_unspecified());
    EXPECT_FALSE(contents.nics[2].gateway.is_unspecified());
    EXPECT_TRUE(warnings.more_than_two);
}

TEST_F(IbftTest, ExpandsTheControlStructureForMore) {
    nics.clear();
    targets.clear();
    for (std::uint8_t i = 0; i < 4; ++i) nics.push_back(nic(i, i));
    for (std::uint8_t i = 0; i < 5; ++i) targets.push_back(target(kNear, i % 4));
    ASSERT_TRUE(build().ok());
    EXPECT_EQ(word(50), 18u + 2 * (2 + 3));
    EXPECT_EQ(contents.nic_count, 4u);
    EXPECT_EQ(contents.target_count, 5u);
    EXPECT_TRUE(warnings.more_than_two);
}

TEST_F(IbftTest, ListsNoTargetThatDidNotLogIn) {
    targets.push_back(target(kFar, 0));
    targets[0].logged_in = false;
    ASSERT_TRUE(build().ok());
    ASSERT_EQ(contents.target_count, 1u);
    EXPECT_EQ(contents.targets[0].address, kFar);
    targets[1].logged_in = false;
    EXPECT_EQ(&build().failure(), &kIbftNothingToList);
}

TEST_F(IbftTest, KeepsSecretsToItselfThatTheLoginDidNotUse) {
    targets[0].chap_name = "user";
    targets[0].chap_secret = "secret-of-user";
    targets[0].reverse_chap_secret = "secret-of-disk";
    ASSERT_TRUE(build().ok());
    EXPECT_EQ(util::as_text(bytes).find("secret"), std::string_view::npos);
    targets[0].chap = IbftChap::OneWay;
    ASSERT_TRUE(build().ok());
    EXPECT_EQ(contents.targets[0].chap_secret, "secret-of-user");
    EXPECT_EQ(util::as_text(bytes).find("secret-of-disk"), std::string_view::npos);
}

TEST_F(IbftTest, WarnsOfSecretsThatMicrosoftRefuses) {
    targets[0].chap = IbftChap::OneWay;
    for (std::size_t length = 1; length < 20; ++length) {
        std::string secret(length, 'x');
        targets[0].chap_secret = secret;
        ASSERT_TRUE(build().ok());
        EXPECT_EQ(warnings.secret_length, length < 12 || length > 16) << length;
        EXPECT_EQ(contents.targets[0].chap_secret, secret);
    }
}

TEST_F(IbftTest, SaysWhenItDoesNotFit) {
    ASSERT_TRUE(build().ok());
    std::size_t needed = bytes.size();
    for (std::size_t room = 0; room < needed; ++room)
        EXPECT_EQ(&build(room).failure(), &kIbftTooLarge) << room;
    EXPECT_TRUE(build(needed).ok());
}

TEST_F(IbftTest, RefusesWhatMakesNoSense) {
    targets[0].nic = 1;
    EXPECT_EQ(&build().failure(), &util::kInvalid);
    targets.assign(kIbftMostTargets + 1, target(kNear, 0));
    EXPECT_EQ(&build().failure(), &util::kTooLong);
}

TEST_F(IbftTest, ReaderSeesEveryDamage) {
    targets[0].chap = IbftChap::OneWay;
    targets[0].chap_name = "user";
    ASSERT_TRUE(build().ok());
    std::vector<std::byte> table(bytes.begin(), bytes.end());
    IbftContents other;
    for (std::size_t at = 0; at < table.size(); ++at) {
        table[at] ^= std::byte{0x40};
        EXPECT_FALSE(parse_ibft(table, other).ok()) << at;
        table[at] ^= std::byte{0x40};
    }
    for (std::size_t size = 0; size < table.size(); ++size)
        EXPECT_FALSE(parse_ibft(util::Bytes(table).first(size), other).ok());
}

}  // namespace san
