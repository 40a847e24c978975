// VLANs (IEEE 802.1Q clause 9): each a Link of its own over the Link of its trunk, so that an interface on one is like any other.
//
// VlanTrunk stands between the trunk's interface and its driver from the first VLAN on, and owns the VLANs. The driver is open as
// long as one of them or the trunk's interface is. Whoever asks for frames sorts all that come before the first of his: they wait for
// the others, who ask soon. Tags are put in and taken out by software; so checksums are ours as well, since not every NIC
// finds the headers behind a tag.
#pragma once

#include "net/ip/interface.h"
#include "net/link.h"
#include "util/vector.h"

namespace net {

class VlanTrunk;

class VlanLink final : public Link {
  public:
    VlanLink(VlanTrunk& trunk, Interface& interface, std::uint16_t id, std::uint8_t priority);
    // Closes its interface, and leaves it without configuration and with the trunk's driver for a link.
    ~VlanLink() override;

    Interface& interface() { return interface_; }
    // Of what is sent.
    void set_priority(std::uint8_t priority) { control_ = static_cast<std::uint16_t>(priority << 13 | id_); }

    util::Result<void> open() override;
    void close() override;
    bool transmit(Packet& packet) override;
    Packet receive() override;
    LinkState state() override;
    MacAddress address() const override;
    const LinkIdentity& identity() const override;
    std::uint16_t mtu() const override;
    std::size_t receive_capacity() const override;
    bool choose_driver(std::string_view name) override;

  private:
    friend class VlanTrunk;
    VlanTrunk& trunk_;
    Interface& interface_;
    std::uint16_t id_, control_ = 0;
    bool open_ = false;
    PacketQueue queue_;
};

class VlanTrunk final : public Link {
  public:
    static constexpr std::uint16_t kLargestId = 4094;
    static constexpr std::uint8_t kLargestPriority = 7;

    explicit VlanTrunk(Interface& interface) : interface_(interface), driver_(interface.link()), open_(interface.is_open()) {
        users_ = open_;
        interface.replace_link(*this);
    }
    VlanTrunk(const VlanTrunk&) = delete;
    ~VlanTrunk() override { interface_.replace_link(driver_); }

    Interface& interface() { return interface_; }
    Link& driver() { return driver_; }
    // nullptr: it has no such VLAN.
    VlanLink* find(std::uint16_t id);
    // Makes an interface that is closed one on a VLAN that is not there yet. Failure: out of memory.
    util::Result<void> add(Interface& interface, std::uint16_t id, std::uint8_t priority);
    void remove(std::uint16_t id);

    util::Result<void> open() override;
    void close() override;
    bool transmit(Packet& packet) override { return driver_.transmit(packet); }
    Packet receive() override { return receive_into(queue_); }
    LinkState state() override { return driver_.state(); }
    MacAddress address() const override { return driver_.address(); }
    // Not while there are VLANs: they have it as well.
    bool set_address(const MacAddress& mac) override { return vlans_.empty() && driver_.set_address(mac); }
    const LinkIdentity& identity() const override { return driver_.identity(); }
    std::uint16_t mtu() const override { return driver_.mtu(); }
    std::size_t receive_capacity() const override { return driver_.receive_capacity(); }
    bool choose_driver(std::string_view name) override { return driver_.choose_driver(name); }
    bool checksum_offload() const override { return driver_.checksum_offload(); }
    std::size_t segmentation_limit() const override { return driver_.segmentation_limit(); }

  private:
    friend class VlanLink;
    // Frames that wait for one interface; more are lost, as in a NIC's ring.
    static constexpr std::size_t kQueue = 64;

    util::Result<void> hold();
    void let_go();
    // The next frame of whose queue this is.
    Packet receive_into(PacketQueue& wanted);
    void sort(Packet&& frame);

    Interface& interface_;
    Link& driver_;
    bool open_;           // the trunk's own interface
    unsigned users_ = 0;  // of the driver: that interface and VLANs that are open
    PacketQueue queue_;   // for the trunk's own interface
    util::Vector<util::Owned<VlanLink>> vlans_;
};

}  // namespace net
