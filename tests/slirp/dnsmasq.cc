#include "tests/slirp/dnsmasq.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "net/wire/dhcp.h"

namespace host {

namespace {

constexpr net::Ipv4Address kDnsmasq{127, 0, 0, 1}, kRelay{127, 0, 0, 2};

sockaddr_in socket_address(net::Ipv4Address address, std::uint16_t port) {
    sockaddr_in result{};
    result.sin_family = AF_INET;
    result.sin_port = htons(port);
    result.sin_addr.s_addr = htonl(address.value());
    return result;
}

}  // namespace

// Below the ports that the system hands out by itself.
std::uint16_t server_port() { return static_cast<std::uint16_t>(20000 + getpid() % 5000 * 2); }

bool Dnsmasq::start(std::vector<std::string> options) {
    if (!targets::installed("dnsmasq")) return false;
    std::vector<std::string> arguments{"dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
                                       "--interface=lo", "--bind-interfaces", "--pid-file=", "--log-facility=/dev/null",
                                       "--dhcp-leasefile=" + scratch_.path() + "/leases"};
    if (geteuid() == 0) arguments.push_back("--user=root");
    arguments.insert(arguments.end(), options.begin(), options.end());
    if (!process_.start(arguments)) return false;
    usleep(300000);
    return process_.running();
}

RelayPort::RelayPort() : socket_(socket(AF_INET, SOCK_DGRAM, 0)) {
    // dnsmasq has the same port on the wildcard address.
    int yes = 1;
    setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    setsockopt(socket_, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
    sockaddr_in address = socket_address(kRelay, server_port());
    ASSERT(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
}

RelayPort::~RelayPort() { close(socket_); }

bool RelayPort::send(net::Ipv4Address, net::Ipv4Address, util::Bytes message) {
    ++sent;
    std::string packet(util::as_text(message));
    // Up to the End option, then the relay agent's option (RFC 3046) with the subnet to choose from (RFC 3527).
    std::size_t end = packet.find_last_not_of('\0');
    ASSERT(packet[end] == '\xff');
    packet.resize(end);
    packet += std::string("\x52\x06\x05\x04\x0a\x00\x02\x00\xff", 9);
    net::Ipv4Address relay = kRelay;
    std::memcpy(packet.data() + offsetof(net::DhcpHeader, giaddr), &relay, sizeof relay);
    sockaddr_in to = socket_address(kDnsmasq, server_port());
    return sendto(socket_, packet.data(), packet.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to) > 0;
}

net::DhcpPort::Received RelayPort::receive() {
    net::Packet packet = pool_.allocate();
    auto target = packet.append(packet.tailroom());
    ssize_t count = recv(socket_, target.data(), target.size(), MSG_DONTWAIT);
    if (count < 0) return {};
    packet.trim_to(static_cast<std::size_t>(count));
    return {std::move(packet), kDnsmasq};
}

}  // namespace host
