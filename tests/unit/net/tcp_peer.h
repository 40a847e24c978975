// The other end of a TCP connection as a test writes it: segments in, segments out, nothing hidden.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <vector>

#include "net/checksum.h"
#include "net/ip/interface.h"
#include "net/transport/tcp.h"
#include "tests/host/host.h"
#include "tests/host/no_link.h"

namespace net {

class TcpPeer : public Ipv4Service {
  public:
    static constexpr Ipv4Address kOurs{10, 0, 0, 1}, kPeers{10, 0, 0, 2};
    static constexpr std::uint16_t kPort = 3260;

    struct Seen {
        TcpSegment segment;
        std::string payload;
    };

    explicit TcpPeer(std::size_t packets = 64) : memory_(packets * PacketBuffer::kStride + 64), pool_(aligned()) {}

    // Ipv4Service
    util::Result<Ipv4Route> route(Ipv4Address) override {
        if (!has_route) return kInvalidRoute;
        Ipv4Route route;
        route.source = kOurs;
        route.next_hop = kPeers;
        route.mtu = mtu;
        route.receive_capacity = capacity;
        route.segmentation_limit = segmentation_limit;
        return route;
    }
    void send(const Ipv4Route& route, Ipv4Address destination, std::uint8_t protocol, Packet&& payload) override {
        EXPECT_EQ(protocol, 6);
        cut_to = payload.buffer().segment_size;
        if (!cut_to) {
            std::uint32_t sum = checksum_add_pseudo_header(0, route.source, destination, 6,
                                                           static_cast<std::uint16_t>(payload.size()));
            EXPECT_EQ(checksum_field(checksum_add(sum, payload.data())), 0) << "the checksum of a sent segment is wrong";
        }
        Seen seen{*parse_tcp(payload), std::string(util::as_text(payload.data()))};
        for (PacketBuffer* more = payload.buffer().more; more; more = more->more)
            seen.payload.append(reinterpret_cast<char*>(more->bytes() + more->begin), std::size_t{more->end} - more->begin);
        sent.push_back(seen);
    }
    PacketPool& packets() override { return pool_; }

    // A segment from the peer, given as it would be on the wire.
    void give(Tcp& tcp, const TcpSegment& segment, std::string_view payload, util::Instant now) {
        Packet packet = pool_.allocate();
        ASSERT_TRUE(packet);
        auto target = packet.append(payload.size());
        if (!payload.empty()) std::memcpy(target.data(), payload.data(), payload.size());
        ASSERT_TRUE(emit_tcp(segment, packet));
        std::uint32_t sum =
            checksum_add_pseudo_header(0, kPeers, kOurs, 6, static_cast<std::uint16_t>(packet.size()));
        util::Be16 field = checksum_field(checksum_add(sum, packet.data()));
        std::memcpy(packet.data().data() + 16, &field, 2);
        tcp.receive({&interface, kPeers, kOurs, false, std::move(packet)}, now);
    }

    static constexpr util::Failure kInvalidRoute{util::code::kNetwork + 99, "no route in this test"};
    std::deque<Seen> sent;
    std::uint32_t drops(Drop reason) const { return interface.statistics().drops[static_cast<std::size_t>(reason)]; }
    std::uint16_t mtu = 1500;
    std::size_t capacity = 20;
    std::size_t segmentation_limit = 0;
    unsigned cut_to = 0;  // of what was sent last
    bool has_route = true;

  private:
    util::MutableBytes aligned() {
        auto at = reinterpret_cast<std::uintptr_t>(memory_.data());
        std::size_t skip = (64 - at % 64) % 64;
        return util::MutableBytes(memory_).subspan(skip);
    }
    std::vector<std::byte> memory_;
    PacketPool pool_;
    host::NoLink link_;

  public:
    Interface interface{link_, 0, pool_};
};

class TestRandom final : public Random {
  public:
    void fill(util::MutableBytes target) override {
        for (auto& b : target) b = static_cast<std::byte>((state_ = state_ * 1103515245 + 12345) >> 3);
    }

  private:
    std::uint32_t state_ = 7;
};

}  // namespace net
