// vcreate and vdestroy: a NIC on a switch's trunk port, and a server on one VLAN.
#include <gtest/gtest.h>

#include "san/ibft.h"
#include "scripts/main.h"
#include "tests/unit/scripts/test_system.h"
#include "tests/unit/scripts/test_wire.h"

namespace scripts {
namespace {

struct VlanCommands : testing::Test, TestSystem {
    VlanCommands() {
        EXPECT_TRUE(stack.add(server.end()).ok());
        server.own_end().access_vlan = 123;
    }
    ~VlanCommands() override { unplug(); }
    TestServer server{loop, random, {{0x52, 0x54, 0, 0x12, 0x34, 0x56}}, 0x18};
};

TEST_F(VlanCommands, MakeAnInterfaceForDhcpAndFetching) {
    server.files["x"] = "#!ipxe\necho fetched over ${ifname}\n";
    EXPECT_EQ(output("#!ipxe\nvcreate --tag 123 net0\ndhcp net0-123\nroute\nchain x\n"
                     "echo ${netX/ip} ${net0-123/mac} ${net0-123.dhcp/ip:ipv4} ${net0-123/busloc:busdevfn} ${net0-123/vlan-tag}"),
              "Configuring (net0-123 52:54:00:12:34:56)... ok\nnet0-123: 10.0.2.15/255.255.255.0 gw 10.0.2.2\n"
              "tftp://10.0.2.2/x... ok\nfetched over net0-123\n"
              "10.0.2.15 52:54:00:12:34:56 10.0.2.15 0000:00:03.0 123\n");
}

TEST_F(VlanCommands, CannotReachTheServerWithoutTheTag) {
    EXPECT_FALSE(run("#!ipxe\ndhcp --timeout 2000 net0").ok());
    EXPECT_FALSE(run("#!ipxe\nvcreate -t 124\ndhcp --timeout 2000 net0-124").ok());
}

TEST_F(VlanCommands, AreTriedWithTheOthersByDhcpWithoutNames) {
    EXPECT_NE(output("#!ipxe\nvcreate --tag 123 net0\ndhcp\necho ${ifname}").find("\nnet0-123\n"), std::string::npos)
        << host::console_output();
}

TEST_F(VlanCommands, BootByTheirName) {
    server.boot_file = "x";
    server.files["x"] = "#!ipxe\necho booted\n";
    EXPECT_NE(output("#!ipxe\nvcreate --tag 123 net0\nautoboot net0-123").find("booted"), std::string::npos);
}

TEST_F(VlanCommands, RunTheLoopOfDeployments) {
    std::string script =
        "#!ipxe\nset vlan 123\nset idx:int32 0\n:loop isset ${net${idx}/mac} || goto loop_done\n"
        "echo Configuring VLAN ${vlan} on interface net${idx}\nvcreate --tag ${vlan} net${idx}\n"
        "dhcp net${idx}-${vlan} && goto boot || inc idx && goto loop\n:loop_done\nexit 1\n:boot\n"
        "echo Booting at interface ${netX/ifname}\n";
    EXPECT_NE(output(script).find("Booting at interface net0-123\n"), std::string::npos);
}

TEST_F(VlanCommands, TakeTheIdFromOption43) {
    server.own_end().access_vlan = std::nullopt;
    server.options[43] = std::string("\x74\x03" "123", 5);
    start();
    EXPECT_TRUE(run("#!ipxe\ndhcp net0\nset vlan-id ${43.116:string}\nvcreate --tag ${vlan-id} net0\nifclose net0").ok());
    server.own_end().access_vlan = 123;
    EXPECT_TRUE(run("#!ipxe\ndhcp net0-${vlan-id}").ok()) << host::console_output();
}

TEST_F(VlanCommands, ChangeThePriorityOfOneThatIsThere) {
    std::string seen;
    server.own_end().access_vlan = std::nullopt;
    server.own_end().take = [&](const std::string& frame) {
        seen = frame.substr(12, 4);
        return true;
    };
    output("#!ipxe\nvcreate --tag 123 net0\nvcreate --tag 123 --priority 2 net0\nset net0-123/ip 10.0.2.7\nifopen net0-123");
    EXPECT_EQ(seen, std::string("\x81\0\x40\x7b", 4));
}

TEST_F(VlanCommands, SayWhatIsWrong) {
    EXPECT_EQ(&run("#!ipxe\nvcreate net0").failure(), &kArgumentMissing);
    EXPECT_EQ(&run("#!ipxe\nvcreate --tag 4095 net0").failure(), &kBadOptionValue);
    EXPECT_EQ(&run("#!ipxe\nvcreate --tag 1 --priority 8 net0").failure(), &kBadOptionValue);
    EXPECT_EQ(&run("#!ipxe\nvcreate --tag 1 net5").failure(), &kNoSuchInterface);
    EXPECT_EQ(&run("#!ipxe\nvcreate --tag 1 net0\nvcreate --tag 2 net0-1").failure(), &kVlanInVlan);
    EXPECT_EQ(&run("#!ipxe\nvdestroy net0").failure(), &kNoVlan);
    EXPECT_EQ(&run("#!ipxe\nvdestroy net0-7").failure(), &kNoSuchInterface);
}

TEST_F(VlanCommands, ComeAndGoAsOftenAsOneLikes) {
    EXPECT_EQ(output("#!ipxe\nset i:int32 1\n:again\nvcreate --tag ${i} net0 && ifopen net0-${i} && vdestroy net0-${i}\n"
                     "inc i\niseq ${i} 50 || goto again\nisset ${net0-49/mac} || echo gone"),
              "gone\n");
    EXPECT_FALSE(server.end().is_open());
    EXPECT_EQ(output("#!ipxe\nvcreate --tag 123 net0\ndhcp net0-123\nvdestroy net0-123\necho [${proxydhcp/ip}]${ip}"),
              "Configuring (net0-123 52:54:00:12:34:56)... ok\n[]\n");
    EXPECT_EQ(&run("#!ipxe\nset i:int32 1\n:again\nvcreate --tag ${i} net0\ninc i\ngoto again").failure(),
              &net::kTooManyInterfaces);
}

TEST_F(VlanCommands, StayWhileADriveNeedsThemAndAreInTheIbft) {
    fake::Unit& unit = target.units[1];
    unit.blocks = 100;
    unit.disk.resize(51200);
    loop.add(target);
    EXPECT_TRUE(run("#!ipxe\nset initiator-iqn iqn.x:y\nvcreate --tag 5 net0\nvcreate --tag 123 net0\ndhcp net0-123\n"
                    "sanhook iscsi:10.0.2.2:::1:iqn.2020-01.test:target\nifclose net0")
                    .ok())
        << host::console_output();
    EXPECT_TRUE(server.end().is_open());
    EXPECT_EQ(&run("#!ipxe\nvdestroy net0-123").failure(), &kVlanInUse);
    san::IbftContents contents;
    EXPECT_TRUE(san::parse_ibft(util::as_bytes(host::machine().ibft), contents).ok());
    ASSERT_EQ(contents.nic_count, 1u);
    EXPECT_EQ(contents.nics[0].vlan, 123);
    EXPECT_EQ(contents.nics[0].address, net::Ipv4Address(10, 0, 2, 15));
    EXPECT_EQ(contents.nics[0].boot, san::IbftBoot::Yes);
    EXPECT_EQ(contents.targets[0].nic, 0u);
}

}  // namespace
}  // namespace scripts
