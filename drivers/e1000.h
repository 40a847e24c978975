// Intel PRO/1000 gigabit Ethernet: e1000 (PCI and PCI-X), e1000e (PCI Express) and igb (82575 and later), whose chips share the
// legacy programming model. Polled, interrupts masked, legacy descriptors, but for igb's of the receive ring. Facts and references:
// drivers/e1000_registers.h.
#pragma once

#include <platform/io.h>

#include "drivers/drivers.h"
#include "drivers/e1000_rings.h"
#include "drivers/pci_function.h"
#include "drivers/sampler.h"

namespace drivers {

class E1000 final : public net::Link {
  public:
    static util::Result<util::Owned<net::Link>> probe(const Chip& chip, platform::PciAddress address,
                                                      net::PacketPool& pool);
    E1000(const Chip& chip, platform::PciAddress address, net::PacketPool& pool);
    ~E1000() override { close(); }

    util::Result<void> open() override;
    void close() override;
    bool transmit(net::Packet& packet) override;
    net::Packet receive() override;
    net::LinkState state() override;
    net::MacAddress address() const override { return mac_; }
    bool set_address(const net::MacAddress& mac) override { return mac_ = mac, true; }
    const net::LinkIdentity& identity() const override { return identity_; }
    std::size_t receive_capacity() const override { return receive_ring_.burst(); }
    std::size_t segmentation_limit() const override;

  private:
    using Register = e1000::Register;
    bool has(std::uint32_t trait) const { return e1000::traits_in_image() & traits_ & trait; }
    std::uint32_t read(Register r) const { return registers_.read32(static_cast<std::uint32_t>(r)); }
    void write(Register r, std::uint32_t value) const {
        registers_.write32(static_cast<std::uint32_t>(r), value);
    }
    void write(Register r, unsigned index, unsigned stride, std::uint32_t value) const {
        registers_.write32(static_cast<std::uint32_t>(r) + index * stride, value);
    }

    util::Result<void> identify();
    bool read_address_from_eeprom();
    bool read_eeprom(unsigned word, std::uint16_t& value) const;
    bool read_address_from_filter();

    util::Result<void> open_rings();
    void stop();
    util::Result<void> reset();
    void set_up_link() const;
    bool is_sgmii() const;
    void set_up_pcs() const;
    void say_driver_is_there(bool there) const;
    void set_up_filters() const;
    void enable_queue(Register control, std::uint32_t value) const;
    void start_receiver();
    void start_transmitter();

    // drivers/e1000_phy.cc
    void wake_phy() const;
    bool has_lost_link() const;
    std::uint32_t access_phy(std::uint32_t operation) const;
    static bool phy_answered(std::uint32_t answer);
    bool acquire_phy() const;
    void release_phy() const;
    bool change_sync(std::uint32_t set, std::uint32_t clear) const;
    std::uint32_t sync_flag() const;

    // drivers/e1000_pch.cc
    bool acquire_software_flag() const;
    void release_software_flag() const;
    bool change_phy(e1000::pch::PhyRegister at, std::uint32_t clear, std::uint32_t set) const;
    void leave_ultra_low_power() const;
    void tune_to_speed() const;
    void flush_rings();
    void switch_k1_off() const;
    void set_up_pch() const;

    PciFunction pci_;
    std::uint32_t traits_;
    platform::Mmio registers_;
    net::LinkIdentity identity_;
    net::MacAddress mac_;
    bool open_ = false;
    Sampler sampler_;
    net::LinkState state_;
    e1000::ReceiveRing receive_ring_;
    e1000::TransmitRing transmit_ring_;
};

}  // namespace drivers
