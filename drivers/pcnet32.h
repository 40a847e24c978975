// AMD PCnet-PCI, 10 and 100 Mbit/s. Polled, interrupts masked; rings of packets in memory. Facts and references:
// drivers/pcnet32_registers.h.
#pragma once

#include <array>

#include "drivers/dma_memory.h"
#include "drivers/drivers.h"
#include "drivers/pci_function.h"
#include "drivers/pcnet32_registers.h"
#include "drivers/receive_budget.h"
#include "drivers/sampler.h"

namespace drivers {

class Pcnet32 final : public net::Link {
  public:
    static util::Result<util::Owned<net::Link>> probe(const Chip& chip, platform::PciAddress address,
                                                      net::PacketPool& pool);
    Pcnet32(const Chip& chip, platform::PciAddress address, net::PacketPool& pool);
    ~Pcnet32() override { close(); }

    util::Result<void> open() override;
    void close() override;
    bool transmit(net::Packet& packet) override;
    net::Packet receive() override;
    net::LinkState state() override;
    net::MacAddress address() const override { return mac_; }
    bool set_address(const net::MacAddress& mac) override { return mac_ = mac, true; }
    const net::LinkIdentity& identity() const override { return identity_; }
    std::size_t receive_capacity() const override { return budget_.burst(); }

  private:
    // Powers of two.
    static constexpr unsigned kReceiveBits = 7, kTransmitBits = 5;
    static constexpr unsigned kReceiveSlots = 1u << kReceiveBits, kTransmitSlots = 1u << kTransmitBits;

    void select(unsigned index) const;
    void write_csr(pcnet32::Csr index, unsigned value) const;
    std::uint16_t read_csr(pcnet32::Csr index) const;
    void write_bcr(pcnet32::Bcr index, unsigned value) const;
    std::uint16_t read_bcr(pcnet32::Bcr index) const;

    util::Result<void> identify();
    void reset();
    util::Result<void> start();
    void refill();
    void reclaim();
    volatile pcnet32::Descriptor* receive_ring() const;
    volatile pcnet32::Descriptor* transmit_ring() const { return receive_ring() + kReceiveSlots; }

    PciFunction pci_;
    net::LinkIdentity identity_;
    net::MacAddress mac_;
    std::uint16_t port_ = 0;
    bool wide_ = false;  // DWIO
    bool open_ = false;
    Sampler sampler_;
    net::LinkState state_;
    ReceiveBudget budget_;
    DmaMemory memory_;  // the initialization block, the receive ring, the transmit ring
    std::uint16_t receive_head_ = 0, receive_tail_ = 0, posted_ = 0;
    std::uint16_t transmit_head_ = 0, transmit_tail_ = 0, used_ = 0;
    std::array<net::Packet, kReceiveSlots> received_;
    std::array<net::Packet, kTransmitSlots> sending_;
};

}  // namespace drivers
