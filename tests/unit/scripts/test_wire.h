// A wire between the system under test and a server: two links back to back, and a stack at the far end that
// answers DHCP and TFTP as it is told. Everything real but the cable.
#pragma once

#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/stack.h"
#include "net/wire/dhcp.h"
#include "net/wire/ntp.h"
#include "net/wire/tftp.h"

namespace scripts {

// One end of a cable.
class CableEnd final : public net::Link {
  public:
    CableEnd(net::PacketPool& packets, net::MacAddress mac, std::uint16_t busdevfn)
        : packets_(packets), mac_(mac) {
        identity_ = {"fake", "82540EM", true, busdevfn, 0x8086, 0x100e};
    }
    void plug_into(CableEnd& peer) {
        peer_ = &peer;
        peer.peer_ = this;
    }
    util::Result<void> open() override {
        open_ = true;
        if (mac_is_set_) station_ = mac_;
        return {};
    }
    void close() override {
        open_ = false;
        frames_.clear();
    }
    bool set_address(const net::MacAddress& mac) override { return mac_ = mac, mac_is_set_ = true; }
    bool transmit(net::Packet& packet) override {
        std::string frame(util::as_text(packet.data()));
        packet.drop();
        if (access_vlan) frame.insert(12, tag(*access_vlan));
        if (peer_ && peer_->access_vlan) {
            if (frame.substr(12, 2) != "\x81" + std::string(1, '\0') || frame.substr(14, 2) != tag(*peer_->access_vlan).substr(2))
                return true;
            frame.erase(12, 4);
        }
        if (peer_ && !peer_->lets_through(frame)) return true;
        if (peer_ && peer_->open_ && !(peer_->take && peer_->take(frame)))
            peer_->frames_.push_back(std::move(frame));
        return true;
    }
    net::Packet receive() override {
        if (!open_ || frames_.empty()) return {};
        net::Packet packet = packets_.allocate();
        if (!packet) return {};
        std::memcpy(packet.append(frames_.front().size()).data(), frames_.front().data(),
                    frames_.front().size());
        frames_.pop_front();
        return packet;
    }
    net::LinkState state() override { return {open_ && peer_ != nullptr, 1000, net::Duplex::Full}; }
    net::MacAddress address() const override { return mac_; }
    const net::LinkIdentity& identity() const override { return identity_; }
    std::size_t receive_capacity() const override { return 32; }
    bool is_open() const { return open_; }
    // Looks at each arriving frame first; true: it is not for the stack.
    std::function<bool(const std::string&)> take;
    // Behind a switch's access port: on the cable its frames have this tag, and it gets no others.
    std::optional<std::uint16_t> access_vlan;

  private:
    // A NIC that was told its address drops what is for others.
    bool lets_through(const std::string& frame) const {
        return !station_ || frame[0] & 1 || std::memcmp(frame.data(), station_->octets.data(), 6) == 0;
    }
    static std::string tag(std::uint16_t control) {
        return {'\x81', '\0', static_cast<char>(control >> 8), static_cast<char>(control)};
    }
    net::PacketPool& packets_;
    net::MacAddress mac_;
    bool mac_is_set_ = false;
    std::optional<net::MacAddress> station_;
    net::LinkIdentity identity_;
    CableEnd* peer_ = nullptr;
    bool open_ = false;
    std::deque<std::string> frames_;
};

class TestServer final : public util::Poller {
  public:
    static constexpr net::Ipv4Address kAddress{10, 0, 2, 2};

    TestServer(util::Loop& loop, net::Random& random, net::MacAddress client_mac, std::uint16_t busdevfn)
        : client_end(client_packets_, client_mac, busdevfn),
          server_end_(packets_, {{0x52, 0x54, 0, 0, 0, 2}}, 0),
          stack_(loop, packets_, random) {
        client_end.plug_into(server_end_);
        interface_ = stack_.add(server_end_).take();
        EXPECT_TRUE(interface_->open().ok());
        net::Ipv4Config config;
        config.address = kAddress;
        config.netmask = net::Ipv4Address(255, 255, 255, 0);
        interface_->configure(config);
        dhcp_ = net::UdpSocket::open_on(stack_, *interface_, net::kDhcpServerPort).take();
        server_end_.take = [this](const std::string& frame) { return take_dhcp(frame); };
        tftp_ = net::UdpSocket::open(stack_, net::kTftpPort).take();
        ntp_ = net::UdpSocket::open(stack_, net::kNtpPort).take();
        loop.add(*this);
    }

    // What it does.
    bool silent = false;  // no DHCP
    net::Ipv4Address lease{10, 0, 2, 15};
    std::uint32_t lease_seconds = 3600;
    std::map<std::uint8_t, std::string> options;  // besides the usual
    std::string boot_file;
    std::map<std::string, std::string> files;  // for TFTP
    bool mute = false;                         // no TFTP
    bool deaf = false;                         // TFTP hears every other acknowledgment only
    // Another server on the same cable, a PXE service say: looks at each DHCP message first; true: that is not this one's.
    std::function<bool(const net::DhcpMessage& request, net::Ipv4Endpoint destination)> other_service;
    // Its answers: from any address, with what else is in the header and in options.
    void answer(const net::DhcpMessage& request, net::DhcpMessageType type, net::Ipv4Address from,
                const std::vector<std::pair<std::uint8_t, std::string>>& more, std::string_view file = {}) {
        net::DhcpHeader header = request.header;
        header.op = net::kBootReply;
        header.siaddr = from;
        std::memcpy(header.file, file.data(), file.size());
        std::byte buffer[1400];
        net::DhcpWriter writer(buffer, header);
        writer.option_u8(net::dhcp_option::kMessageType, static_cast<std::uint8_t>(type));
        writer.option(net::dhcp_option::kServerIdentifier, from);
        for (auto& [tag, value] : more) writer.option(tag, std::string_view(value));
        (void)dhcp_->send_on(*interface_, from, {net::Ipv4Address::broadcast(), net::kDhcpClientPort}, writer.finish());
    }
    // What it answers to NTP, but for the origin; nullopt: nothing.
    std::optional<net::NtpHeader> ntp;
    unsigned ntp_requests = 0;
    // What it has seen.
    std::vector<net::DhcpMessage> requests;
    std::vector<std::string> asked_for;

    CableEnd& end() { return client_end; }
    CableEnd& own_end() { return server_end_; }

    bool poll(util::Instant) override {
        bool progress = false;
        while (!dhcp_frames_.empty()) {
            progress = true;
            std::string frame = std::move(dhcp_frames_.front());
            dhcp_frames_.pop_front();
            auto message = net::parse_dhcp(util::as_bytes(frame).subspan(14 + 20 + 8));
            if (!message) continue;
            net::Ipv4Address to;
            std::memcpy(&to, frame.data() + 14 + 16, 4);
            bool on_4011 = static_cast<std::uint8_t>(frame[14 + 20 + 2]) == 4011 / 256;
            net::Ipv4Endpoint destination{to, static_cast<std::uint16_t>(on_4011 ? 4011 : 67)};
            if (other_service && other_service(*message, destination)) continue;
            if (!on_4011) answer_dhcp(std::move(*message));
        }
        while (auto datagram = tftp_->receive()) {
            progress = true;
            answer_tftp(datagram->from, std::string(util::as_text(datagram->payload.data())));
        }
        while (auto datagram = ntp_->receive()) {
            progress = true;
            answer_ntp(datagram->from, datagram->payload.data());
        }
        for (auto& transfer : transfers_) progress |= continue_transfer(*transfer);
        return progress;
    }

  private:
    static constexpr std::size_t kPackets = 128;
    struct Transfer {
        util::Owned<net::UdpSocket> socket;
        net::Ipv4Endpoint to;
        std::string content;
    };

    // A host's stack drops datagrams from 0.0.0.0, as it should: a DHCP server looks at frames.
    bool take_dhcp(const std::string& frame) {
        constexpr std::size_t kUdp = 14 + 20, kPayload = kUdp + 8;
        if (frame.size() <= kPayload || frame[12] != 8 || frame[23] != 17) return false;
        unsigned port = static_cast<std::uint8_t>(frame[kUdp + 2]) * 256u + static_cast<std::uint8_t>(frame[kUdp + 3]);
        bool is_dhcp = port == 67 || port == 4011;
        if (is_dhcp) dhcp_frames_.push_back(frame);
        return is_dhcp;
    }

    void answer_dhcp(net::DhcpMessage request) {
        net::DhcpHeader header = request.header;
        bool is_discover = request.type == net::DhcpMessageType::Discover;
        bool is_request = request.type == net::DhcpMessageType::Request;
        requests.push_back(std::move(request));
        if (silent || (!is_discover && !is_request)) return;
        header.op = net::kBootReply;
        header.yiaddr = lease;
        header.siaddr = kAddress;
        std::memcpy(header.file, boot_file.data(), boot_file.size());
        std::byte buffer[1024];
        net::DhcpWriter writer(buffer, header);
        writer.option_u8(net::dhcp_option::kMessageType, is_discover ? 2 : 5);
        writer.option(net::dhcp_option::kServerIdentifier, kAddress);
        writer.option(net::dhcp_option::kSubnetMask, net::Ipv4Address(255, 255, 255, 0));
        writer.option(net::dhcp_option::kRouter, kAddress);
        writer.option_u32(net::dhcp_option::kLeaseTime, util::Be32(lease_seconds));
        for (auto& [tag, value] : options) writer.option(tag, std::string_view(value));
        (void)dhcp_->send_on(*interface_, kAddress, {net::Ipv4Address::broadcast(), net::kDhcpClientPort},
                             writer.finish());
    }

    void answer_ntp(net::Ipv4Endpoint from, util::Bytes request) {
        ++ntp_requests;
        if (!ntp || request.size() != sizeof(net::NtpHeader)) return;
        net::NtpHeader asked;
        std::memcpy(&asked, request.data(), sizeof asked);
        EXPECT_EQ(asked.leap_version_mode, 4 << 3 | 3);
        net::NtpHeader reply = *ntp;
        reply.origin = asked.transmit;
        // First what is not the answer to it.
        net::NtpHeader stale = reply;
        stale.origin.fraction = ~std::uint32_t{asked.transmit.fraction};
        (void)ntp_->send(from, std::as_bytes(std::span(&stale, 1)));
        (void)ntp_->send(from, std::as_bytes(std::span(&reply, 1)));
    }

    // RFC 1350 without options, which a client must take.
    void answer_tftp(net::Ipv4Endpoint from, const std::string& request) {
        std::string name = request.substr(2, request.find('\0', 2) - 2);
        asked_for.push_back(name);
        if (mute) return;
        auto transfer = std::make_unique<Transfer>();
        transfer->socket = net::UdpSocket::open(stack_, net::UdpSocket::kAnyPort).take();
        transfer->to = from;
        if (files.count(name)) {
            transfer->content = files[name];
            send_block(*transfer, 1);
        } else {
            std::string error("\0\5\0\1no such file\0", 17);
            (void)transfer->socket->send(from, util::as_bytes(error));
        }
        transfers_.push_back(std::move(transfer));
    }
    void send_block(Transfer& transfer, std::size_t block) {
        std::size_t begin = (block - 1) * 512;
        if (begin > transfer.content.size()) return;
        std::string packet{'\0', '\3', static_cast<char>(block >> 8), static_cast<char>(block)};
        packet += transfer.content.substr(begin, 512);
        (void)transfer.socket->send(transfer.to, util::as_bytes(packet));
    }
    bool continue_transfer(Transfer& transfer) {
        auto datagram = transfer.socket->receive();
        if (!datagram) return false;
        std::string_view ack = util::as_text(datagram->payload.data());
        if (deaf && (heard_ = !heard_)) return true;
        if (ack.size() == 4 && ack[1] == 4)
            send_block(transfer,
                       (static_cast<std::uint8_t>(ack[2]) << 8 | static_cast<std::uint8_t>(ack[3])) + 1u);
        return true;
    }

    bool heard_ = false;
    alignas(64) std::byte client_memory_[kPackets * net::PacketBuffer::kStride];
    alignas(64) std::byte memory_[kPackets * net::PacketBuffer::kStride];
    net::PacketPool client_packets_{client_memory_};
    net::PacketPool packets_{memory_};

  public:
    CableEnd client_end;

  private:
    CableEnd server_end_;
    net::Stack stack_;
    net::Interface* interface_;
    util::Owned<net::UdpSocket> dhcp_, tftp_, ntp_;
    std::deque<std::string> dhcp_frames_;
    std::vector<std::unique_ptr<Transfer>> transfers_;
};

}  // namespace scripts
