// virtio-net, as QEMU, cloud and other virtual machines have it. VIRTIO 1.2, section 5.1.
//
// One receive and one transmit queue, a control queue to set the address, no interrupts, no merged buffers, no segmentation offload. Transitional
// and modern-only devices.
#pragma once

#include "drivers/drivers.h"
#include "drivers/receive_budget.h"
#include "drivers/sampler.h"
#include "drivers/virtio_pci.h"
#include "drivers/virtqueue.h"

namespace drivers {

class VirtioNet final : public net::Link {
  public:
    static util::Result<util::Owned<net::Link>> probe(const Chip& chip, platform::PciAddress address,
                                                      net::PacketPool& pool);
    VirtioNet(const Chip& chip, platform::PciAddress address, net::PacketPool& pool);
    ~VirtioNet() override { close(); }

    util::Result<void> open() override;
    void close() override;
    bool transmit(net::Packet& packet) override;
    net::Packet receive() override;
    net::LinkState state() override;
    net::MacAddress address() const override { return mac_; }
    bool set_address(const net::MacAddress& mac) override { return mac_ = mac, mac_is_set_ = true; }
    const net::LinkIdentity& identity() const override { return identity_; }
    std::uint16_t mtu() const override { return mtu_; }
    std::size_t receive_capacity() const override { return budget_.burst(); }
    bool checksum_offload() const override;

  private:
    bool has(std::uint64_t feature) const { return features_ & feature; }
    std::size_t header_size() const;
    util::Result<void> identify();
    util::Result<void> read_identity();
    util::Result<void> bring_up();
    bool has_control_queue() const;
    util::Result<void> tell_address();
    util::Result<void> send_address();
    bool refill();
    net::Packet accept(Virtqueue::Used used) const;
    void reclaim();

    VirtioPci device_;
    net::LinkIdentity identity_;
    net::MacAddress mac_;
    bool mac_is_set_ = false;  // it is not, or may not be, what the NIC has by itself
    std::uint16_t mtu_ = 1500;
    std::uint64_t features_ = 0;
    bool open_ = false;
    Sampler sampler_;
    net::LinkState state_;
    ReceiveBudget budget_;
    Virtqueue receive_queue_, transmit_queue_;
    util::Owned<Virtqueue> control_queue_;  // while it is open with an address that is not its own
    DmaMemory headers_;  // one for each transmit slot
};

}  // namespace drivers
