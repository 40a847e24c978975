// Realtek's gigabit chips on PCI (RTL8169, RTL8110) and PCI Express (RTL8168, RTL8111), and those for 100 Mbit/s made after them
// (RTL8101E to RTL8107E). Polled, interrupts masked; rings of packets in memory. Facts and references: drivers/r8169_registers.h.
//
// Tried on a fake only, and its rings on QEMU's RTL8139C+.
#pragma once

#include <array>

#include "drivers/dma_memory.h"
#include "drivers/drivers.h"
#include "drivers/pci_function.h"
#include "drivers/r8169_registers.h"
#include "drivers/receive_budget.h"
#include "drivers/register_window.h"
#include "drivers/sampler.h"

namespace drivers {

class R8169 final : public net::Link {
  public:
    static util::Result<util::Owned<net::Link>> probe(const Chip& chip, platform::PciAddress address,
                                                      net::PacketPool& pool);
    R8169(const Chip& chip, platform::PciAddress address, net::PacketPool& pool);
    ~R8169() override { close(); }

    util::Result<void> open() override;
    void close() override;
    bool transmit(net::Packet& packet) override;
    net::Packet receive() override;
    net::LinkState state() override;
    net::MacAddress address() const override { return mac_; }
    bool set_address(const net::MacAddress& mac) override { return mac_ = mac, mac_is_set_ = true; }
    const net::LinkIdentity& identity() const override { return identity_; }
    std::size_t receive_capacity() const override { return budget_.burst(); }

  private:
    // The packets that the chip has, and its descriptors of them; it gives them back in turn.
    class Ring {
      public:
        static constexpr unsigned kSlots = 128;
        void open(std::byte* descriptors);
        void clear();
        void give(net::Packet packet, const std::byte* data, std::uint32_t status);
        bool has_returned() const { return used_ && !(descriptors_[head_].status & r8169::descriptor::kOwn); }
        net::Packet take(std::uint32_t& status);
        unsigned used() const { return used_; }

      private:
        volatile r8169::Descriptor* descriptors_ = nullptr;
        std::uint16_t head_ = 0, used_ = 0;
        std::array<net::Packet, kSlots> packets_;
    };

    using Register = r8169::Register;
    static constexpr std::uint32_t at(Register what, unsigned offset = 0) { return static_cast<std::uint32_t>(what) + offset; }
    util::Result<void> find_registers();
    util::Result<void> identify();
    util::Result<void> reset() const;
    util::Result<void> start();
    void keep_link_awake();
    void tell_address() const;
    void tell_ring(Register where, std::size_t offset) const;
    void wake_phy() const;
    std::uint16_t read_phy(unsigned number) const;
    void write_phy(unsigned number, unsigned value) const;
    void refill();
    bool reclaim();
    void demand_transmit() const;

    const std::uint32_t traits_;
    PciFunction pci_;
    net::LinkIdentity identity_;
    net::MacAddress mac_;
    bool mac_is_set_ = false;  // it is not, or may not be, what the NIC has by itself
    bool open_ = false;
    std::uint8_t express_ = 0;           // where its PCI Express capability is, 0: it is on PCI
    std::uint16_t found_link_control_ = 0;
    RegisterWindow registers_;
    Sampler sampler_;
    net::LinkState state_;
    ReceiveBudget budget_;
    DmaMemory memory_;  // the receive ring, the transmit ring
    Ring receiving_, sending_;
};

}  // namespace drivers
