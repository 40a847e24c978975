// A network with scripted DHCP servers behind a DhcpPort, for tests of the client's state machine.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "net/config/dhcp.h"
#include "tests/host/host.h"

namespace net {

class FixedRandom final : public Random {
  public:
    void fill(util::MutableBytes target) override {
        for (auto& byte : target) byte = static_cast<std::byte>(next_ = next_ * 5 + 1);
    }

  private:
    unsigned next_ = 7;
};

// One more option for a reply.
struct DhcpTestOption {
    std::uint8_t tag;
    std::string value;
};

class FakeDhcpPort final : public DhcpPort {
  public:
    struct Sent {
        DhcpMessage message;
        Ipv4Address source, destination;
        util::Instant at;
    };

    std::string_view name() const override { return "net0"; }
    MacAddress mac() const override { return {{0x52, 0x54, 0, 0x12, 0x34, 0x56}}; }
    bool link_up() const override { return link; }
    bool needs_broadcast() const override { return !configured.is_unspecified(); }
    bool send(Ipv4Address source, Ipv4Address destination, util::Bytes bytes) override {
        sent.push_back({parse_dhcp(bytes).value(), source, destination, time});
        if (on_send) on_send(sent.back());
        return true;
    }
    Received receive() override {
        if (waiting_.empty()) return {};
        Received first = std::move(waiting_.front());
        waiting_.pop_front();
        return first;
    }
    void probe(Ipv4Address address, util::Instant) override { probes.push_back(address); }
    std::optional<MacAddress> conflict() const override {
        return in_use && !probes.empty() && probes.back() == *in_use ? std::optional(kOther) : std::nullopt;
    }
    void configure(const DhcpLease& lease) override { configured = lease.address; }
    void deconfigure() override { configured = Ipv4Address(); }

    // A reply to the last message sent, with option 54 being `server`.
    void reply(DhcpMessageType type, Ipv4Address yours, std::vector<DhcpTestOption> options = {},
               Ipv4Address server = kServer, const std::function<void(DhcpHeader&)>& change = {}) {
        DhcpHeader header = sent.back().message.header;
        header.op = kBootReply;
        header.yiaddr = yours;
        header.siaddr = server;
        if (change) change(header);
        std::byte buffer[1400];
        DhcpWriter writer(buffer, header);
        if (type != DhcpMessageType::Bootp) {
            writer.option_u8(dhcp_option::kMessageType, static_cast<std::uint8_t>(type));
            writer.option(dhcp_option::kServerIdentifier, server);
        }
        for (auto& option : options) writer.option(option.tag, std::string_view(option.value));
        put(writer.finish(), server);
    }
    void put(util::Bytes bytes, Ipv4Address source) {
        Packet packet = pool_.allocate();
        auto target = packet.append(bytes.size());
        std::memcpy(target.data(), bytes.data(), bytes.size());
        waiting_.push_back({std::move(packet), source});
    }
    unsigned count(DhcpMessageType type) const {
        unsigned count = 0;
        for (auto& message : sent) count += message.message.type == type;
        return count;
    }

    static constexpr Ipv4Address kServer{10, 0, 2, 2};
    static constexpr MacAddress kOther{{2, 0, 0, 0, 0, 9}};
    bool link = true;
    std::optional<Ipv4Address> in_use;
    std::vector<Sent> sent;
    std::vector<Ipv4Address> probes;
    Ipv4Address configured;
    std::function<void(Sent&)> on_send;
    util::Instant time;

  private:
    alignas(64) std::byte memory_[16 * PacketBuffer::kStride];
    PacketPool pool_{memory_};
    std::deque<Received> waiting_;
};

}  // namespace net
