// A wire in virtual time: two or more net::Links joined as by a hub, with delay, bandwidth and faults. The same seed
// gives the same run.
//
// Add it to a Loop with the stacks at its ends; with host::reset() done before, time jumps from one frame to the next.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "net/link.h"
#include "tests/host/pcap.h"
#include "util/loop.h"

namespace host {

using Frame = std::vector<std::byte>;

// Chances are in thousandths, for each frame and receiver.
struct WireFaults {
    unsigned loss = 0;
    unsigned duplication = 0;
    unsigned corruption = 0;  // one bit is turned over
    unsigned reordering = 0;  // delayed by reorder_delay more than the others
    util::Duration reorder_delay = util::Duration::milliseconds(3);
};

class VirtualWire;

// One end: what a stack has for a NIC.
class WireEnd final : public net::Link {
  public:
    static constexpr std::size_t kTransmitRing = 64;

    WireEnd(VirtualWire& wire, net::PacketPool& packets, unsigned number);

    util::Result<void> open() override;
    void close() override;
    bool transmit(net::Packet& packet) override;
    net::Packet receive() override;
    net::LinkState state() override;
    net::MacAddress address() const override { return address_; }
    const net::LinkIdentity& identity() const override { return identity_; }
    std::uint16_t mtu() const override { return mtu_; }
    std::size_t receive_capacity() const override { return receive_ring_; }
    bool checksum_offload() const override { return offload_; }

    bool set_address(const net::MacAddress& address) override { return address_ = address, true; }
    void set_mtu(std::uint16_t mtu) { mtu_ = mtu; }
    // Frames that find the ring full are lost, and counted.
    void set_receive_ring(std::size_t frames) { receive_ring_ = frames; }
    std::size_t overruns() const { return overruns_; }
    // Completes checksums that are sent, and says of received ones that they are Verified when they are right.
    void set_checksum_offload(bool offload) { offload_ = offload; }
    // Plugs the cable in or pulls it.
    void set_up(bool up);
    bool is_open() const { return open_; }

    // Puts a frame into the ring as if it had come just now.
    void inject(util::Bytes frame);

  private:
    friend class VirtualWire;
    void forget_what_left(util::Instant now);

    VirtualWire& wire_;
    net::PacketPool& packets_;
    net::MacAddress address_;
    net::LinkIdentity identity_{"wire", "virtual wire"};
    std::uint16_t mtu_ = 1500;
    std::size_t receive_ring_ = 256;
    std::size_t overruns_ = 0;
    bool open_ = false, up_ = true, offload_ = false;
    std::deque<Frame> received_;
    std::deque<util::Instant> sending_;  // when each frame in the transmit ring has left
};

class VirtualWire final : public util::Poller {
  public:
    // Adds itself to the loop.
    explicit VirtualWire(util::Loop& loop, std::uint32_t seed = 1) : loop_(loop), random_(seed) { loop.add(*this); }

    // Packets for received frames come from the pool. The first has the MAC 52:54:00:00:00:01.
    WireEnd& add_end(net::PacketPool& packets);
    void set_delay(util::Duration delay) { delay_ = delay; }  // one way
    void set_bandwidth(std::uint64_t bits_per_second) { bits_per_second_ = bits_per_second; }  // 0: no limit
    void set_faults(const WireFaults& faults) { faults_ = faults; }
    // Sees every frame that is sent, before faults, and may change it; false: it is lost.
    void set_filter(std::function<bool(WireEnd& from, Frame& frame)> filter) { filter_ = std::move(filter); }
    // Writes all frames that are sent. False when the file cannot be made.
    bool capture_to(const std::string& path);

    std::size_t frames_sent() const { return frames_sent_; }
    std::size_t frames_lost() const { return frames_lost_; }
    // Frames on their way.
    std::size_t in_flight() const { return in_flight_.size(); }

    bool poll(util::Instant now) override;
    util::Instant poll_at() const override;

  private:
    friend class WireEnd;
    struct Delivery {
        WireEnd* to;
        Frame frame;
    };
    void send(WireEnd& from, Frame frame);
    void deliver_later(WireEnd& to, Frame frame, util::Instant at);
    bool happens(unsigned permille) { return permille && random_() % 1000 < permille; }

    util::Loop& loop_;
    std::mt19937 random_;
    std::vector<std::unique_ptr<WireEnd>> ends_;
    std::multimap<util::Instant, Delivery> in_flight_;  // in order of arrival; equal times keep their order
    util::Duration delay_;
    std::uint64_t bits_per_second_ = 0;
    WireFaults faults_;
    std::function<bool(WireEnd&, Frame&)> filter_;
    std::unique_ptr<Pcap> capture_;
    std::size_t frames_sent_ = 0, frames_lost_ = 0;
};

}  // namespace host
