// Intel PRO/100 (8255x), 10 and 100 Mbit/s, and what of it is in Intel's chip sets. Polled, interrupts masked; received frames in a list of
// packets, sent ones in a ring of commands. Facts and references: drivers/eepro100_registers.h.
#pragma once

#include <array>
#include <span>

#include "drivers/dma_memory.h"
#include "drivers/drivers.h"
#include "drivers/eepro100_registers.h"
#include "drivers/pci_function.h"
#include "drivers/receive_budget.h"
#include "drivers/register_window.h"
#include "drivers/sampler.h"

namespace drivers {

class Eepro100 final : public net::Link {
  public:
    static util::Result<util::Owned<net::Link>> probe(const Chip& chip, platform::PciAddress address,
                                                      net::PacketPool& pool);
    Eepro100(const Chip& chip, platform::PciAddress address, net::PacketPool& pool);
    ~Eepro100() override { close(); }

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
    static constexpr unsigned kReceiveSlots = 128, kTransmitSlots = 32;
    // One block stays behind as what the device goes on from.
    static constexpr unsigned kMostSending = kTransmitSlots - 1;

    util::Result<void> identify();
    util::Result<void> read_eeprom();
    std::uint16_t pins(unsigned value) const;
    bool shift_in(unsigned bit) const;
    std::uint16_t eeprom_word(unsigned number, unsigned& address_bits) const;
    std::uint16_t phy_register(unsigned number) const;

    void reset();
    util::Result<void> start();
    util::Result<void> set_up();
    bool command(eepro100::Command what, std::uint32_t pointer = 0) const;
    bool is_free() const;
    unsigned receive_unit() const;

    void put(std::uint16_t what);
    volatile eepro100::FrameDescriptor& descriptor(unsigned slot) const;
    std::uint32_t descriptor_address(unsigned slot) const;
    void refill();
    unsigned count_complete() const;
    void settle();
    void restart();
    void reclaim();
    volatile eepro100::CommandBlock& block(unsigned slot) const;

    PciFunction pci_;
    net::LinkIdentity identity_;
    net::MacAddress mac_;
    RegisterWindow registers_;
    std::uint8_t phy_ = 1;
    bool has_mii_ = true;
    bool is_82557_ = false;
    bool open_ = false;
    Sampler sampler_;
    net::LinkState state_;
    ReceiveBudget budget_;
    DmaMemory memory_;  // the command blocks
    // Whether the device has come to the end of its list, and is to be told to go on.
    bool stalled_ = false;
    // The first `settled_` of the `posted_` from receive_head_ on have a frame that is all there.
    std::uint16_t receive_head_ = 0, posted_ = 0, settled_ = 0;
    std::uint16_t transmit_head_ = 0, transmit_tail_ = 0, used_ = 0;
    std::array<net::Packet, kReceiveSlots> received_;
    std::array<net::Packet, kTransmitSlots> sending_;
};

}  // namespace drivers
