// DHCP, DNS and TFTP against dnsmasq.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "net/config/dhcp.h"
#include "net/config/resolver.h"
#include "net/fetch/tftp.h"
#include "tests/host/host.h"
#include "tests/slirp/dnsmasq.h"
#include "tests/slirp/posix_datagrams.h"

namespace {

using util::Duration;

class Entropy final : public net::Random {
  public:
    void fill(util::MutableBytes target) override {
        for (auto& byte : target) byte = static_cast<std::byte>(rand());
    }
};

class WithDnsmasq : public testing::Test {
  protected:
    void serve(std::vector<std::string> options) {
        if (!targets::installed("dnsmasq")) GTEST_SKIP() << "dnsmasq is not installed";
        ASSERT_TRUE(server.start(std::move(options)));
    }
    host::Dnsmasq server;
    Entropy random;
    util::Loop loop;
};

class DnsmasqDhcp : public WithDnsmasq {
  protected:
    void serve_dhcp(std::vector<std::string> options) {
        std::string ports = std::to_string(host::server_port()) + "," + std::to_string(host::server_port() + 1);
        options.insert(options.end(),
                       {"--port=0", "--dhcp-alternate-port=" + ports, "--dhcp-authoritative", "--no-ping",
                        "--dhcp-range=10.0.2.20,10.0.2.30,255.255.255.0,1h"});
        serve(std::move(options));
    }
    util::Result<void> run(Duration limit = Duration::seconds(10)) {
        TRY(client.start({}, loop.now()));
        if (!client.linked()) loop.add(client);
        return loop.run_until([&] { return client.finished(); }, loop.now() + limit);
    }
    host::RelayPort port;
    net::DhcpClient client{port, random};
};

TEST_F(DnsmasqDhcp, GivesALeaseWithBootInformationByUserClass) {
    serve_dhcp({"--dhcp-userclass=set:firmware,iPXE", "--dhcp-boot=tag:firmware,boot.ipxe,server,10.0.2.4",
                "--dhcp-boot=tag:!firmware,other.0", "--dhcp-option=option:root-path,iscsi:10.0.2.4::::iqn.x", "--dhcp-option=option:router,10.0.2.1",
                "--dhcp-option=encap:175,8,1", "--dhcp-option=option:dns-server,10.0.2.3",
                "--dhcp-option=option:classless-static-route,192.168.9.0/24,10.0.2.6,0.0.0.0/0,10.0.2.7",
                "--dhcp-option=option:domain-search,eng.example,example"});
    if (IsSkipped()) return;
    ASSERT_TRUE(run().ok());
    ASSERT_TRUE(client.has_lease()) << client.failure().text << client.detail();
    const net::DhcpLease& lease = client.lease();
    EXPECT_EQ(lease.address.value() >> 8, 0x0a0002u);
    EXPECT_EQ(lease.filename(), "boot.ipxe");
    EXPECT_EQ(lease.root_path(), "iscsi:10.0.2.4::::iqn.x");
    EXPECT_EQ(lease.next_server, net::Ipv4Address(10, 0, 2, 4));
    EXPECT_EQ(lease.gateway, net::Ipv4Address(10, 0, 2, 7));
    EXPECT_EQ(lease.route_count, 1);
    EXPECT_EQ(lease.search.view(), "eng.example example");
    EXPECT_TRUE(lease.option("175.8"));
    EXPECT_EQ(lease.duration.s(), 3600);
    EXPECT_EQ(port.sent, 2u);
}

TEST_F(DnsmasqDhcp, JoinsALongOption) {
    std::string path = "iscsi:10.0.2.4::::iqn." + std::string(180, 'x');
    serve_dhcp({"--dhcp-option=option:root-path," + path,
                "--dhcp-option=option:bootfile-name," + std::string(200, 'b')});
    if (IsSkipped()) return;
    ASSERT_TRUE(run().ok());
    ASSERT_TRUE(client.has_lease());
    EXPECT_EQ(client.lease().root_path(), path);
    EXPECT_EQ(client.lease().filename(), std::string(200, 'b'));
}

TEST_F(DnsmasqDhcp, OffersAnotherAddressAfterADecline) {
    serve_dhcp({});
    if (IsSkipped()) return;
    port.in_use = true;
    ASSERT_TRUE(run().ok());
    EXPECT_EQ(client.state(), net::DhcpClient::State::Failed);
    EXPECT_EQ(&client.failure(), &net::kDhcpConflict);
    EXPECT_NE(host::console_output().find("declined"), std::string::npos);
    port.in_use = false;
    ASSERT_TRUE(run().ok());
    EXPECT_TRUE(client.has_lease());
}

class DnsmasqDns : public WithDnsmasq {
  protected:
    void serve_dns(std::vector<std::string> options) {
        options.push_back("--port=" + std::to_string(host::server_port()));
        serve(std::move(options));
        datagrams.ports[net::kDnsPort] = host::server_port();
        settings.servers[0] = net::Ipv4Address(127, 0, 0, 1);
        settings.server_count = 1;
    }
    std::string find(std::string_view name) {
        auto result = net::resolve(context, name, loop.now() + Duration::seconds(15));
        return result.ok() ? std::string(net::to_text(result.value()).view()) : result.failure().text;
    }
    host::PosixDatagrams datagrams;
    net::DnsSettings settings;
    net::DnsContext context{loop, datagrams, random, settings, {}};
};

TEST_F(DnsmasqDns, FindsNamesAliasesAndTheirAbsence) {
    serve_dns({"--host-record=target.example,192.0.2.7", "--cname=disk.example,target.example", "--local=/example/",
               "--host-record=six.example,2001:db8::1"});
    if (IsSkipped()) return;
    settings.search.text("example");
    EXPECT_EQ(find("target.example"), "192.0.2.7");
    EXPECT_EQ(find("disk.example"), "192.0.2.7");
    EXPECT_EQ(find("TARGET"), "192.0.2.7");
    EXPECT_EQ(find("nobody.example"), net::kDnsNoSuchName.text);
    EXPECT_EQ(find("six.example"), net::kDnsNoAddress.text);
}

class DnsmasqTftp : public WithDnsmasq {
  protected:
    static constexpr const char* kAddress = "127.0.0.9";
    void serve_tftp(std::vector<std::string> options = {}) {
        if (geteuid() != 0) GTEST_SKIP() << "dnsmasq's TFTP has a privileged port";
        options.insert(options.end(), {"--port=0", "--enable-tftp", "--tftp-root=" + server.scratch().path(),
                                       std::string("--listen-address=") + kAddress});
        for (auto& entry : std::filesystem::recursive_directory_iterator(server.scratch().path()))
            std::filesystem::permissions(entry, std::filesystem::perms{0644});  // dnsmasq as root serves no others
        serve(std::move(options));
    }
    util::Result<void> get(const std::string& name, net::FetchSink& target) {
        return net::fetch(context, net::Uri::parse(std::string("tftp://") + kAddress + "/" + name).take(), target);
    }
    util::Result<void> get(const std::string& name) { return get(name, sink); }
    void expect_pattern(std::size_t size) {
        ASSERT_EQ(sink.bytes().size(), size);
        for (std::size_t i = 0; i < size; ++i) ASSERT_EQ(sink.bytes()[i], targets::pattern(i)) << i;
    }
    host::PosixDatagrams datagrams;
    net::DnsSettings dns;
    net::FetchContext context{loop, datagrams, random, dns, {}};
    net::MemorySink sink{64 << 20};
};

TEST_F(DnsmasqTftp, ReadsAFile) {
    server.scratch().file("file", 1000003);
    serve_tftp();
    if (IsSkipped()) return;
    auto result = get("file");
    ASSERT_TRUE(result.ok()) << result.failure().text;
    expect_pattern(1000003);
}

TEST_F(DnsmasqTftp, ReadsAFileFromAServerWithoutBlockSizes) {
    server.scratch().file("file", 512 * 40);
    serve_tftp({"--tftp-no-blocksize"});
    if (IsSkipped()) return;
    auto result = get("file");
    ASSERT_TRUE(result.ok()) << result.failure().text;
    expect_pattern(512 * 40);
}

TEST_F(DnsmasqTftp, ReadsAFileInSpiteOfLoss) {
    server.scratch().file("file", 60000);
    serve_tftp();
    if (IsSkipped()) return;
    datagrams.loss = 20;  // dnsmasq sends again after two seconds
    auto result = get("file");
    ASSERT_TRUE(result.ok()) << result.failure().text;
    expect_pattern(60000);
}

// Does something once, in the middle of a file.
class Interrupted final : public net::FetchSink {
  public:
    Interrupted(net::MemorySink& sink, std::size_t after, std::function<void()> interrupt)
        : sink_(sink), after_(after), interrupt_(std::move(interrupt)) {}
    util::Result<void> begin(std::optional<std::uint64_t> size) override {
        ++begun;
        return sink_.begin(size);
    }
    util::Result<void> write(util::Bytes data) override {
        if (interrupt_ && sink_.bytes().size() >= after_) std::exchange(interrupt_, nullptr)();
        return sink_.write(data);
    }
    int begun = 0;

  private:
    net::MemorySink& sink_;
    std::size_t after_;
    std::function<void()> interrupt_;
};

TEST_F(DnsmasqTftp, ReadsAFileAnewFromAServerThatIsStartedAgain) {
    server.scratch().file("file", 3000000);
    serve_tftp();
    if (IsSkipped()) return;
    Interrupted interrupted(sink, 1000000, [this] {
        server.stop();
        serve_tftp();
    });
    auto result = get("file", interrupted);
    ASSERT_TRUE(result.ok()) << result.failure().text;
    EXPECT_EQ(interrupted.begun, 2);
    expect_pattern(3000000);
}

TEST_F(DnsmasqTftp, TellsThatThereIsNoFile) {
    serve_tftp();
    if (IsSkipped()) return;
    EXPECT_EQ(&get("nothing").failure(), &net::kTftpNoFile);
}

}  // namespace
