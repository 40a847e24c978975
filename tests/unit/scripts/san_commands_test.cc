// sanhook, sanboot, sanunhook, against a target in memory.
#include <gtest/gtest.h>

#include "san/ibft.h"
#include "san/iscsi_failures.h"
#include "san/multipath_device.h"
#include "tests/unit/scripts/test_system.h"
#include "tests/unit/scripts/test_wire.h"

namespace scripts {
namespace {

struct San : testing::Test, TestSystem {
    San() {
        for (unsigned lun : {1u, 2u}) {
            fake::Unit& unit = target.units[lun];
            unit.blocks = 100;
            unit.disk.resize(51200);
        }
        loop.add(target);
        EXPECT_TRUE(stack.add(server.end()).ok());
        start();
        EXPECT_TRUE(
            run("#!ipxe\nset net0/ip 10.0.2.15\nset net0/netmask 255.255.255.0\nset net0/gateway 10.0.2.1\n"
                "set hostname box\nifopen net0")
                .ok());
        system.settings.put("initiator-iqn", "iqn.2020-01.test:initiator");
    }
    ~San() override { unplug(); }
    const std::vector<std::string>& events() { return host::machine().events; }
    std::string initiator() {
        for (auto& [key, value] : target.current()->keys)
            if (key == "InitiatorName") return value;
        return "";
    }
    // What the operating system is told.
    san::IbftContents ibft() {
        san::IbftContents contents;
        EXPECT_TRUE(san::parse_ibft(util::as_bytes(host::machine().ibft), contents).ok());
        return contents;
    }
    TestServer server{loop, random, {{0x52, 0x54, 0, 0x12, 0x34, 0x56}}, 0x18};
    static constexpr const char* kFirst = "iscsi:10.0.2.2:::1:iqn.2020-01.test:target";
    static constexpr const char* kSecond = "iscsi:10.0.2.2:::2:iqn.2020-01.test:target";
};

using Events = std::vector<std::string>;

TEST_F(San, HooksADriveAndSaysSo) {
    system.settings.put("uri", kFirst);
    EXPECT_EQ(output("#!ipxe\nsanhook ${uri}"), "Registered as BIOS drive 0x80\n");
    EXPECT_NE(drives.find(0x80), nullptr);
    EXPECT_EQ(host::machine().drives, &drives);
    EXPECT_EQ(initiator(), "iqn.2020-01.test:initiator");
}

TEST_F(San, HooksTwoDrivesAndDetachesThem) {
    system.settings.put("a", kFirst);
    system.settings.put("b", kSecond);
    output("#!ipxe\nsanhook --drive 0x80 ${a}\nsanhook --no-describe -d 0x81 ${b}");
    EXPECT_EQ(drives.count(), 2u);
    output("#!ipxe\nsanunhook --drive 0x80\nsanunhook -d 0x81");
    EXPECT_TRUE(drives.empty());
    EXPECT_EQ(&run("#!ipxe\nsanunhook").failure(), &kNoSuchDrive);
}

TEST_F(San, ReplacesADriveThatHasTheNumber) {
    system.settings.put("a", kFirst);
    system.settings.put("b", kSecond);
    output("#!ipxe\nsanhook ${a}\nsanhook ${b}");
    EXPECT_EQ(drives.count(), 1u);
    EXPECT_EQ(drives.find(0x80)->path().lun, 0x0002000000000000u);
}

TEST_F(San, DetachesUnderKeepSanWhenToldTo) {
    system.settings.put("a", kFirst);
    output("#!ipxe\nset keep-san 1\nsanhook ${a}\nsanunhook");
    EXPECT_TRUE(drives.empty());
}

TEST_F(San, TriesSeveralUrisInTurn) {
    system.settings.put("a", kFirst);
    std::string out = output("#!ipxe\nsanhook gopher://x/y iscsi:nonsense ${a}");
    EXPECT_NE(out.find("gopher://x/y: drives cannot be attached by that protocol\n"), std::string::npos);
    EXPECT_NE(out.find("Registered as BIOS drive 0x80\n"), std::string::npos);
}

TEST_F(San, TakesSeveralUrisForPathsToOneDisk) {
    std::string out = output("#!ipxe\nsanhook iscsi:10.0.2.2:::1:iqn.2020-01.test:target iscsi:10.0.2.3:::1:iqn.2020-01.test:target");
    EXPECT_EQ(out, "2 of 2 paths lead to it\nRegistered as BIOS drive 0x80\n");
    EXPECT_EQ(drives.count(), 1u);
    san::IbftContents told = ibft();
    ASSERT_EQ(told.target_count, 2u);
    EXPECT_EQ(told.targets[0].address, *net::Ipv4Address::parse("10.0.2.2"));
    EXPECT_EQ(told.targets[1].address, *net::Ipv4Address::parse("10.0.2.3"));
    EXPECT_EQ(told.targets[0].boot, san::IbftBoot::Yes);
    EXPECT_EQ(told.targets[1].boot, san::IbftBoot::No);
    output("#!ipxe\nsanunhook");
    EXPECT_TRUE(drives.empty());
    EXPECT_TRUE(host::machine().ibft.empty());
}

TEST_F(San, GivesEachPathASessionOfItsOwn) {
    std::vector<std::string> isids;
    target.on_pdu = [&](fake::Connection&, const fake::Pdu& pdu) {
        if (pdu.opcode() == san::IscsiOpcode::LoginRequest) {
            auto isid = pdu.as<san::LoginRequestHeader>().isid;
            isids.emplace_back(isid.begin(), isid.end());
        }
        return false;
    };
    output("#!ipxe\nsanhook iscsi:10.0.2.2:::1:iqn.2020-01.test:target iscsi:10.0.2.3:::1:iqn.2020-01.test:target");
    ASSERT_GE(isids.size(), 2u);
    EXPECT_NE(isids.front(), isids.back());
}

TEST_F(San, SaysWhichPathsAreMissingAndDoesNotListThem) {
    std::string out = output("#!ipxe\nsanhook iscsi:10.0.2.2:::7:iqn.2020-01.test:target iscsi:10.0.2.3:::1:iqn.2020-01.test:target "
                             "iscsi:nonsense iscsi:10.0.2.4:::2:iqn.2020-01.test:target");
    EXPECT_NE(out.find("  iscsi:nonsense: "), std::string::npos) << out;
    EXPECT_NE(out.find("  iscsi:10.0.2.2:::7:iqn.2020-01.test:target: LUN: target 10.0.2.2:3260"), std::string::npos) << out;
    EXPECT_NE(out.find("2 of 3 paths lead to it\n"), std::string::npos) << out;
    san::IbftContents told = ibft();
    ASSERT_EQ(told.target_count, 2u);
    EXPECT_EQ(told.targets[0].address, *net::Ipv4Address::parse("10.0.2.3"));
    EXPECT_EQ(told.targets[0].boot, san::IbftBoot::Yes);
}

TEST_F(San, LeavesAPathOutThatLeadsToAnotherDisk) {
    target.units[2].serial = "another";
    std::string out = output("#!ipxe\nsanhook iscsi:10.0.2.2:::1:iqn.2020-01.test:target iscsi:10.0.2.3:::2:iqn.2020-01.test:target");
    EXPECT_NE(out.find("  iscsi:10.0.2.3:::2:iqn.2020-01.test:target: by this path it is another disk\n1 of 2 paths lead to it\n"),
              std::string::npos)
        << out;
    EXPECT_EQ(ibft().target_count, 1u);
}

TEST_F(San, FailsAsTheFirstPathDoesWhenNoneIsThere) {
    auto status = run("#!ipxe\nsanhook iscsi:10.0.2.2:::7:iqn.2020-01.test:target iscsi:10.0.2.3:::8:iqn.2020-01.test:target");
    EXPECT_EQ(&status.failure(), &san::kNoSuchLun);
    EXPECT_TRUE(drives.empty());
    status = run("#!ipxe\nsanhook iscsi:nonsense iscsi:more");
    EXPECT_FALSE(status.ok());
}

TEST_F(San, HoldsNoMorePathsThanADeviceHas) {
    std::string uris;
    for (int i = 0; i < 12; ++i) uris += " iscsi:10.0.2." + std::to_string(2 + i) + ":::1:iqn.2020-01.test:target";
    EXPECT_EQ(&run("#!ipxe\nsanhook" + uris).failure(), &san::kTooManyPaths);
    EXPECT_TRUE(drives.empty());
}

TEST_F(San, BootsAndDetachesWhenTheDiskGivesUp) {
    system.settings.put("a", kFirst);
    EXPECT_FALSE(run("#!ipxe\nsanboot ${a}").ok());
    EXPECT_NE(host::console_output().find("Registered as BIOS drive 0x80\nBooting from BIOS drive 0x80\n"),
              std::string::npos);
    EXPECT_EQ(events(),
              (Events{"publish_drives", "publish_ibft", "boot 0x80", "publish_drives", "remove_ibft"}));
    EXPECT_TRUE(drives.empty());
}

TEST_F(San, KeepsTheDriveWhenAskedTo) {
    system.settings.put("a", kFirst);
    EXPECT_FALSE(run("#!ipxe\nsanboot --keep ${a}").ok());
    EXPECT_EQ(drives.count(), 1u);
    EXPECT_FALSE(run("#!ipxe\nset keep-san 1\nsanboot --drive 0x81 ${a}").ok());
    EXPECT_EQ(drives.count(), 2u);
}

TEST_F(San, BootsALocalDrive) {
    EXPECT_FALSE(run("#!ipxe\nsanboot --no-describe --drive 0x80").ok());
    EXPECT_EQ(events(), Events{"boot 0x80"});
}

TEST_F(San, OnlyHooksWhenSkipSanBootIsSet) {
    system.settings.put("a", kFirst);
    output("#!ipxe\nset skip-san-boot 1\nsanboot ${a}");
    EXPECT_EQ(drives.count(), 1u);
    EXPECT_EQ(events().back(), "publish_ibft");
}

TEST_F(San, ExplainsWhatWentWrong) {
    EXPECT_FALSE(run("#!ipxe\nsanboot ${root-path}").ok());
    EXPECT_NE(host::console_output().find("no SAN target is named: is root-path set"), std::string::npos);
    EXPECT_FALSE(run("#!ipxe\nsanhook --drive 0x1ff iscsi:1").ok());
    EXPECT_NE(host::console_output().find("sanhook 0x1ff: a hard disk's drive number"), std::string::npos);
    EXPECT_FALSE(run("#!ipxe\nsanhook iscsi:10.0.2.2:::7:iqn.2020-01.test:target").ok());
    EXPECT_NE(host::console_output().find("LUN"), std::string::npos) << host::console_output();
    EXPECT_EQ(system.settings.text("errno").view().substr(0, 3), "0x7");
}

TEST_F(San, NamesItselfByHostOrUuid) {
    (void)system.engine.run_line("clear initiator-iqn && clear hostname");
    EXPECT_EQ(system.san.initiator_name().view(), "iqn.2010-04.org.ipxe:52-54-00-12-34-56");
    system.settings.put("uuid", "00112233-4455-6677-8899-AABBCCDDEEFF");
    EXPECT_EQ(system.san.initiator_name().view(),
              "iqn.2010-04.org.ipxe:00112233-4455-6677-8899-aabbccddeeff");
    system.settings.put("hostname", "Box1");
    EXPECT_EQ(system.san.initiator_name().view(), "iqn.2010-04.org.ipxe:box1");
    system.settings.put("203", "iqn.2001-01.x:y");
    EXPECT_EQ(system.san.initiator_name().view(), "iqn.2001-01.x:y");
}

// Cut off it would be another initiator's.
TEST_F(San, RefusesAnInitiatorNameThatIsTooLong) {
    system.settings.put("initiator-iqn", ("iqn.2020-01.test:" + std::string(220, 'x')).c_str());
    EXPECT_FALSE(run("#!ipxe\nsanhook iscsi:10.0.2.2::::iqn.2020-01.test:target").ok());
    EXPECT_NE(host::console_output().find(util::kTooLong.text), std::string::npos) << host::console_output();
}

TEST_F(San, LogsInWithChapAndWarnsOfSecretsThatWindowsRefuses) {
    target.user = "me";
    target.secret = "short";
    system.settings.put("a", kFirst);
    std::string out = output("#!ipxe\nset username me\nset password short\nsanhook ${a}");
    EXPECT_NE(out.find("Warning: password has 5 characters; Windows takes only 12 to 16\n"),
              std::string::npos);
    EXPECT_EQ(drives.count(), 1u);
}

TEST_F(San, WantsTheTargetToProveItselfInMutualChap) {
    target.user = "me";
    target.secret = "twelve chars";
    target.reverse_user = "disk";
    target.reverse_secret = "its own secret";
    system.settings.put("a", kFirst);
    output("#!ipxe\nset username me\nset password twelve chars\nset reverse-username disk\nset reverse-password its own secret\nsanhook ${a}");
    EXPECT_EQ(drives.count(), 1u);
    EXPECT_EQ(ibft().targets[0].reverse_chap_name, "disk");
    EXPECT_FALSE(run("#!ipxe\nset reverse-password another secret\nsanhook ${a}").ok());
    EXPECT_EQ(drives.count(), 0u);
}

TEST_F(San, DescribesDrivesAndNicsInTheIbft) {
    system.settings.put("a", kFirst);
    system.settings.put("b", kSecond);
    target.user = "me";
    target.secret = "twelve chars";
    output(
        "#!ipxe\nset username me\nset password twelve chars\nsanhook ${a}\nsanhook --drive 0x81 "
        "--no-describe ${b}");
    san::IbftContents contents = ibft();
    EXPECT_EQ(contents.initiator_name, "iqn.2020-01.test:initiator");
    ASSERT_EQ(contents.nic_count, 1u);
    EXPECT_EQ(contents.nics[0].address, net::Ipv4Address(10, 0, 2, 15));
    EXPECT_EQ(contents.nics[0].prefix_length, 24);
    EXPECT_EQ(contents.nics[0].pci, 0x18);
    EXPECT_EQ(contents.nics[0].origin, san::IbftOrigin::Manual);
    EXPECT_EQ(contents.nics[0].boot, san::IbftBoot::Yes);
    EXPECT_EQ(contents.nics[0].host_name, "box");
    EXPECT_TRUE(contents.nics[0].gateway.is_unspecified());  // the target is on-link
    ASSERT_EQ(contents.target_count, 1u);
    EXPECT_EQ(contents.targets[0].address, TestServer::kAddress);
    EXPECT_EQ(contents.targets[0].lun[1], 1);
    EXPECT_EQ(contents.targets[0].name, "iqn.2020-01.test:target");
    EXPECT_EQ(contents.targets[0].chap, san::IbftChap::OneWay);
    EXPECT_EQ(contents.targets[0].chap_secret, "twelve chars");
    output("#!ipxe\nsanhook --drive 0x81 ${b}");
    EXPECT_EQ(ibft().target_count, 2u);
    output("#!ipxe\nsanunhook\nsanunhook --drive 0x81");
    EXPECT_TRUE(host::machine().ibft.empty());
}

TEST_F(San, PutsTheGatewaySettingIntoTheIbftWhenTheTargetIsBehindIt) {
    system.settings.put("a", "iscsi:10.9.9.9:::1:iqn.2020-01.test:target");
    output("#!ipxe\nsanhook ${a}");
    EXPECT_EQ(ibft().nics[0].gateway, net::Ipv4Address(10, 0, 2, 1));
    output("#!ipxe\nset net0/gateway 0.0.0.0\nsanhook ${a}");
    EXPECT_TRUE(ibft().nics[0].gateway.is_unspecified());
}

TEST_F(San, KeepsTheInterfaceOpenThatADriveNeeds) {
    system.settings.put("a", kFirst);
    EXPECT_EQ(output("#!ipxe\nsanhook ${a}\nifclose net0"),
              "Registered as BIOS drive 0x80\nnet0 stays open: a SAN drive needs it\n");
    EXPECT_TRUE(server.end().is_open());
}

TEST_F(San, DetachesBeforeTheMachineRestarts) {
    system.settings.put("a", kFirst);
    EXPECT_THROW((void)run("#!ipxe\nsanhook ${a}\nreboot"), host::Rebooted);
    EXPECT_TRUE(drives.empty());
    EXPECT_EQ(&run("#!ipxe\npoweroff").failure(), &util::kUnsupported);
}

}  // namespace
}  // namespace scripts
