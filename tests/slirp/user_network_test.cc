// Our whole stack against libslirp's own DHCP and TFTP servers, and a real dnsmasq behind it for DNS.
#include <gtest/gtest.h>

#include "net/config/dhcp.h"
#include "net/config/dhcp_interface.h"
#include "net/fetch/tftp.h"
#include "net/transport/udp_datagrams.h"
#include "tests/host/host.h"
#include "tests/host/slirp_link.h"
#include "tests/slirp/dnsmasq.h"

namespace {

using util::Duration;

constexpr std::size_t kFileSize = 3000003;

class Entropy final : public net::Random {
  public:
    void fill(util::MutableBytes target) override {
        for (auto& byte : target) byte = static_cast<std::byte>(rand());
    }
};

class UserNetwork : public testing::Test {
  protected:
    UserNetwork() { scratch.file("file", kFileSize); }
    // The interface with a lease.
    void connect(host::SlirpOptions options = {}) {
        options.tftp_directory = scratch.path();
        link = std::make_unique<host::SlirpLink>(packets, options);
        stack = std::make_unique<net::Stack>(loop, packets, random);
        net::Interface& interface = *stack->add(*link).take();
        interface.open().take();
        port = std::make_unique<net::DhcpInterface>(*stack, interface);
        port->open().take();
        client = std::make_unique<net::DhcpClient>(*port, random);
        client->start({}, loop.now()).take();
        loop.add(*client);
        auto done = loop.run_until([&] { return client->finished(); }, loop.now() + Duration::seconds(10));
        ASSERT_TRUE(done.ok() && client->has_lease());
        datagrams = std::make_unique<net::UdpDatagrams>(*stack);
        context = std::unique_ptr<net::FetchContext>(new net::FetchContext{loop, *datagrams, random, dns, {}});
    }
    util::Result<void> get(const std::string& uri, net::FetchSink& sink) {
        return net::fetch(*context, net::Uri::parse(uri).take(), sink);
    }

    targets::Scratch scratch;
    std::vector<std::byte> memory = std::vector<std::byte>(512 * net::PacketBuffer::kStride + 64);
    net::PacketPool packets{aligned(memory)};
    Entropy random;
    util::Loop loop;
    net::DnsSettings dns;
    std::unique_ptr<host::SlirpLink> link;
    std::unique_ptr<net::Stack> stack;
    std::unique_ptr<net::DhcpInterface> port;
    std::unique_ptr<net::DhcpClient> client;
    std::unique_ptr<net::UdpDatagrams> datagrams;
    std::unique_ptr<net::FetchContext> context;

  private:
    static util::MutableBytes aligned(std::vector<std::byte>& memory) {
        auto off = reinterpret_cast<std::uintptr_t>(memory.data()) % 64;
        return util::MutableBytes(memory).subspan(off ? 64 - off : 0, memory.size() - 64);
    }
};

TEST_F(UserNetwork, GivesALease) {
    connect({.boot_file = "boot.ipxe", .host_name = "box"});
    const net::DhcpLease& lease = client->lease();
    EXPECT_EQ(lease.address, net::Ipv4Address(10, 0, 2, 15));
    EXPECT_EQ(lease.prefix_length, 24);
    EXPECT_EQ(lease.gateway, net::Ipv4Address(10, 0, 2, 2));
    EXPECT_EQ(lease.dns_servers[0], net::Ipv4Address(10, 0, 2, 3));
    EXPECT_EQ(lease.filename(), "boot.ipxe");
    EXPECT_EQ(lease.host_name(), "box");
}

TEST_F(UserNetwork, ServesTheBootFile) {
    connect({.boot_file = "file"});
    net::MemorySink sink(16 << 20);
    auto uri = net::Uri::from_boot_file(client->lease().next_server, client->lease().filename()).take();
    auto result = net::fetch(*context, uri, sink);
    ASSERT_TRUE(result.ok()) << result.failure().text << ": " << context->detail.view();
    ASSERT_EQ(sink.bytes().size(), kFileSize);
    for (std::size_t i = 0; i < kFileSize; ++i) ASSERT_EQ(sink.bytes()[i], targets::pattern(i)) << i;
}

TEST_F(UserNetwork, ServesFilesThroughASmallRing) {
    connect({.receive_ring = 4});
    net::MemorySink sink(16 << 20);
    auto result = get("tftp://10.0.2.2/file", sink);
    ASSERT_TRUE(result.ok()) << result.failure().text;
    EXPECT_EQ(sink.bytes().size(), kFileSize);
    EXPECT_EQ(link->overruns(), 0u);
}

TEST_F(UserNetwork, SaysThatThereIsNoFile) {
    connect();
    net::MemorySink sink(1000);
    EXPECT_EQ(&get("tftp://10.0.2.2/nothing", sink).failure(), &net::kTftpNoFile);
    EXPECT_FALSE(context->detail.view().empty());
}

}  // namespace
