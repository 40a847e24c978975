// NE2000 and its clones, on PCI (ne2k_pci) and ISA (ne2k_isa): a DP8390 with memory of its own, which is read and written
// through a port. Polled, interrupts masked. Facts and references: drivers/ne2000_registers.h.
//
// One frame at a time is sent, so that the ring for what comes in is as large as can be.
#pragma once

#include "drivers/drivers.h"
#include "drivers/ne2000_registers.h"
#include "drivers/pci_function.h"

namespace drivers {

class Ne2000 final : public net::Link {
  public:
    // Where ISA cards are jumpered to, the factory setting first.
    static constexpr std::uint16_t kIsaPorts[] = {0x300, 0x280, 0x320, 0x340, 0x360};
    // Whether a DP8390 seems to be at this port. Writes only where what it reads is not against it.
    static bool answers_at(std::uint16_t port);

    // For an ISA chip the address is its port.
    static util::Result<util::Owned<net::Link>> probe(const Chip& chip, platform::PciAddress address,
                                                      net::PacketPool& pool);
    Ne2000(const Chip& chip, platform::PciAddress address, net::PacketPool& pool);
    ~Ne2000() override { close(); }

    util::Result<void> open() override;
    void close() override;
    bool transmit(net::Packet& packet) override;
    net::Packet receive() override;
    // The chip does not know whether there is a cable.
    net::LinkState state() override;
    net::MacAddress address() const override { return mac_; }
    bool set_address(const net::MacAddress& mac) override { return mac_ = mac, true; }
    const net::LinkIdentity& identity() const override { return identity_; }
    std::size_t receive_capacity() const override;

  private:
    using Register = ne2000::Register;
    std::uint8_t read(Register r) const;
    void write(Register r, unsigned value) const;

    util::Result<void> identify();
    util::Result<void> reset() const;
    void set_up_offline() const;
    void start();
    bool has_memory_at(std::uint8_t page) const;

    void start_remote(unsigned address, std::size_t count, std::uint8_t direction) const;
    void end_remote() const;
    void read_memory(unsigned address, util::MutableBytes target) const;
    void write_memory(unsigned address, util::Bytes source) const;

    bool find_frames();
    bool leads_on(std::uint8_t page) const;
    void begin_recovery();
    void end_recovery();
    void release_to(std::uint8_t page);
    std::uint8_t first_page() const { return static_cast<std::uint8_t>(memory_begin_ + kTransmitPages); }

    static constexpr std::uint8_t kTransmitPages = 6;  // a full frame

    net::PacketPool& pool_;
    PciFunction pci_;
    std::uint32_t traits_;
    net::LinkIdentity identity_;
    net::MacAddress mac_;
    std::uint16_t port_;
    std::uint8_t width_;  // of the data port, in bytes
    std::uint8_t memory_begin_ = 0x40, memory_end_ = 0x80;  // pages
    std::uint8_t next_ = 0;     // the page of the oldest frame in the ring
    std::uint8_t current_ = 0;  // the page behind the youngest one that is known of
    bool is_isa_;
    bool open_ = false;
    bool overflowed_ = false;  // the ring is emptied while the chip is in loopback
    bool resend_ = false;      // a transmission was cut off by that
};

}  // namespace drivers
