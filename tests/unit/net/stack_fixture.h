// Stacks on a virtual wire, and frames made by hand, for the tests of Ethernet to UDP.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include "net/checksum.h"
#include "net/stack.h"
#include "net/wire/arp.h"
#include "net/wire/ethernet.h"
#include "net/wire/ipv4.h"
#include "net/wire/udp.h"
#include "tests/host/host.h"
#include "tests/host/virtual_wire.h"

namespace net {

class SeededRandom final : public Random {
  public:
    void fill(util::MutableBytes target) override {
        for (auto& byte : target) byte = static_cast<std::byte>(engine_());
    }

  private:
    std::mt19937 engine_{7};
};

// Packet memory and pool.
class TestPool {
  public:
    explicit TestPool(std::size_t packets = 128)
        : size_(packets * PacketBuffer::kStride),
          memory_(static_cast<std::byte*>(std::aligned_alloc(64, size_))),
          pool_(util::MutableBytes(memory_, size_)) {}
    ~TestPool() { std::free(memory_); }
    PacketPool& pool() { return pool_; }

  private:
    std::size_t size_;
    std::byte* memory_;
    PacketPool pool_;
};

inline Ipv4Config lan_config(std::uint8_t host) {
    return {.address = Ipv4Address(10, 0, 0, host), .netmask = Ipv4Address(255, 255, 255, 0), .gateway = {}, .routes = {}};
}

// A machine with one interface, 10.0.0.<host>/24.
struct TestHost {
    TestHost(util::Loop& loop, host::VirtualWire& wire, std::uint8_t host)
        : end(wire.add_end(packets.pool())), stack(loop, packets.pool(), random), interface(*stack.add(end).value()) {
        EXPECT_TRUE(interface.open().ok());
        if (host) interface.configure(lan_config(host));
    }
    std::uint32_t drops(Drop reason) const { return interface.statistics().drops[static_cast<std::size_t>(reason)]; }
    std::uint32_t all_drops() const {
        std::uint32_t sum = 0;
        for (auto count : interface.statistics().drops) sum += count;
        return sum;
    }

    SeededRandom random;
    TestPool packets;
    host::WireEnd& end;
    Stack stack;
    Interface& interface;
};

using host::Frame;

inline constexpr MacAddress kPeerMac{{0x02, 0, 0, 0, 0, 0x99}};
inline constexpr Ipv4Address kPeer{10, 0, 0, 99};

template <class T>
void append(Frame& frame, const T& value) {
    auto bytes = std::as_bytes(std::span(&value, 1));
    frame.insert(frame.end(), bytes.begin(), bytes.end());
}
inline void append(Frame& frame, util::Bytes bytes) { frame.insert(frame.end(), bytes.begin(), bytes.end()); }
template <class T>
const T& header_at(const Frame& frame, std::size_t offset) {
    EXPECT_LE(offset + sizeof(T), frame.size());
    return *reinterpret_cast<const T*>(frame.data() + offset);
}
inline constexpr std::size_t kIpAt = sizeof(EthernetHeader);
inline constexpr std::size_t kTransportAt = kIpAt + sizeof(Ipv4Header);

// An IPv4 frame from kPeer; lengths and header checksum are filled in.
inline Frame ipv4_frame(MacAddress to, Ipv4Header header, util::Bytes payload, MacAddress from = kPeerMac) {
    Frame frame;
    append(frame, EthernetHeader{to, from, ether_type::kIpv4});
    header.total_length = static_cast<std::uint16_t>(sizeof header + payload.size());
    header.header_checksum = 0;
    header.header_checksum = checksum_of(std::as_bytes(std::span(&header, 1)));
    append(frame, header);
    append(frame, payload);
    return frame;
}
inline Ipv4Header ipv4_header(Ipv4Address destination, std::uint8_t protocol, Ipv4Address source = kPeer) {
    Ipv4Header header;
    header.protocol = protocol;
    header.source = source;
    header.destination = destination;
    return header;
}
// A UDP header and payload, without checksum.
inline Frame udp_bytes(std::uint16_t from, std::uint16_t to, std::string_view payload) {
    Frame bytes;
    append(bytes, UdpHeader{from, to, static_cast<std::uint16_t>(sizeof(UdpHeader) + payload.size()), 0});
    append(bytes, util::as_bytes(payload));
    return bytes;
}
inline Frame arp_frame(MacAddress to, const ArpMessage& message) {
    Frame frame;
    append(frame, EthernetHeader{to, message.sender_mac, ether_type::kArp});
    append(frame, make_arp(message));
    return frame;
}

// One stack, 10.0.0.1, whose frames are recorded, and which is fed by hand.
class OneStack : public testing::Test {
  protected:
    OneStack() {
        wire.set_filter([this](host::WireEnd&, Frame& frame) {
            sent.push_back(frame);
            return true;
        });
    }
    void feed(const Frame& frame) {
        machine.end.inject(frame);
        settle();
    }
    void settle() {
        while (loop.poll_once()) {
        }
    }
    void run_for(util::Duration duration) { (void)loop.sleep(duration); }
    // As if the peer had answered ARP.
    void know_peer() {
        feed(arp_frame(machine.interface.mac(),
                       {ArpOperation::Request, kPeerMac, kPeer, {}, Ipv4Address(10, 0, 0, 1)}));
        sent.clear();
    }
    std::vector<Frame> sent_of_type(std::uint16_t type) const {
        std::vector<Frame> found;
        for (const Frame& frame : sent)
            if (header_at<EthernetHeader>(frame, 0).type == type) found.push_back(frame);
        return found;
    }

    util::Loop loop;
    host::VirtualWire wire{loop};
    std::vector<Frame> sent;
    TestHost machine{loop, wire, 1};
};

// Two stacks, 10.0.0.1 and 10.0.0.2.
class TwoStacks : public testing::Test {
  protected:
    util::Loop loop;
    host::VirtualWire wire{loop};
    TestHost a{loop, wire, 1};
    TestHost b{loop, wire, 2};
};

}  // namespace net
