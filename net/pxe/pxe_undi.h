// UNDI for PXE programs (PXE 2.1 section 4): raw frames, by a program that has a network stack of its own.
//
// PxeLink stands between the interface and the driver's link while a program runs. Once the program has opened UNDI, frames
// go to it, but for those of our own sockets and connections: a disk stays there while GRUB uses the same NIC.
// ARP goes to both. There is no interrupt: programs that look at GET_IFACE_INFO poll, and those that just wait for one
// have to call UNDI_ISR all the same.
#pragma once

#include "net/stack.h"
#include "net/wire/pxe.h"

namespace net {

class PxeLink final : public Link {
  public:
    PxeLink(Link& link, Stack& stack) : link_(link), stack_(stack) {}

    util::Result<void> open() override { return link_.open(); }
    void close() override { link_.close(); }
    bool transmit(Packet& packet) override { return link_.transmit(packet); }
    Packet receive() override;
    LinkState state() override { return link_.state(); }
    MacAddress address() const override { return link_.address(); }
    const LinkIdentity& identity() const override { return link_.identity(); }
    std::uint16_t mtu() const override { return link_.mtu(); }
    std::size_t receive_capacity() const override { return link_.receive_capacity(); }
    bool choose_driver(std::string_view name) override { return link_.choose_driver(name); }
    bool checksum_offload() const override { return link_.checksum_offload(); }
    std::size_t segmentation_limit() const override { return link_.segmentation_limit(); }

    // Frames wait for the program up to this many; then they are lost, as on any NIC.
    static constexpr std::size_t kQueue = 64;

    Link& driver() { return link_; }
    PacketQueue& queue() { return queue_; }
    void open_tap() { tapped_ = true; }
    void close_tap() {
        tapped_ = false;
        queue_.clear();
    }
    bool tapped() const { return tapped_; }
    void set_filter(std::uint16_t filter) { filter_ = filter; }
    void set_multicast(const pxe::MulticastList& list) { multicast_ = list; }
    // As UNDI counts them; the program may change them.
    struct Statistics {
        std::uint32_t sent = 0, received = 0, lost = 0;
    } statistics;

  private:
    static constexpr unsigned kFramesAtOnce = 64;
    bool is_for_us(util::Bytes frame);
    bool is_wanted(util::Bytes frame);
    void give(Packet frame);

    Link& link_;
    Stack& stack_;
    bool tapped_ = false;
    std::uint16_t filter_ = 0;
    pxe::MulticastList multicast_{};
    PacketQueue queue_;
};

struct PxeUndi {
    // A frame with a VLAN tag, rounded up.
    static constexpr std::size_t kFrameRoom = 1536;

    PxeUndi(Stack& stack, Interface& interface, bool shared)
        : interface(interface), shared(shared), link(interface.link(), stack) {
        interface.replace_link(link);
    }
    PxeUndi(const PxeUndi&) = delete;
    ~PxeUndi() { interface.replace_link(link.driver()); }

    Interface& interface;
    bool shared;
    PxeLink link;
    unsigned transmitted = 0;  // that the program has not been told of
};

}  // namespace net
