// Realtek RTL8139, 10 and 100 Mbit/s: received frames come one behind the other in one ring of bytes, sent ones leave from four
// places in turn. Polled, interrupts masked. Facts and references: drivers/rtl8139_registers.h.
//
// Every frame is copied once: on the way in out of the ring, on the way out to an address that is a multiple of 4.
#pragma once

#include "drivers/dma_memory.h"
#include "drivers/drivers.h"
#include "drivers/pci_function.h"
#include "drivers/rtl8139_registers.h"
#include "drivers/sampler.h"

namespace drivers {

class Rtl8139 final : public net::Link {
  public:
    static util::Result<util::Owned<net::Link>> probe(const Chip& chip, platform::PciAddress address,
                                                      net::PacketPool& pool);
    Rtl8139(const Chip& chip, platform::PciAddress address, net::PacketPool& pool);
    ~Rtl8139() override { close(); }

    util::Result<void> open() override;
    void close() override;
    bool transmit(net::Packet& packet) override;
    net::Packet receive() override;
    net::LinkState state() override;
    net::MacAddress address() const override { return mac_; }
    bool set_address(const net::MacAddress& mac) override { return mac_ = mac, mac_is_set_ = true; }
    const net::LinkIdentity& identity() const override { return identity_; }
    std::size_t receive_capacity() const override;

  private:
    using Register = rtl8139::Register;
    std::uint16_t port(Register r, unsigned offset = 0) const {
        return static_cast<std::uint16_t>(port_ + static_cast<unsigned>(r) + offset);
    }
    util::Result<void> identify();
    util::Result<void> reset() const;
    util::Result<void> allocate();
    void tell_address() const;
    void start();
    bool find_frame();
    std::byte* sender(unsigned index) const;

    net::PacketPool& pool_;
    PciFunction pci_;
    net::LinkIdentity identity_;
    net::MacAddress mac_;
    bool mac_is_set_ = false;  // it is not, or may not be, what the NIC has by itself
    std::uint16_t port_ = 0;
    bool open_ = false;
    Sampler sampler_;
    net::LinkState state_;
    DmaMemory memory_;             // the ring, then the senders' places
    std::uint16_t read_ = 0;       // where the next frame's header is; wraps with the ring
    bool noticed_ = true;          // that the ring may have been full
    std::uint8_t next_sender_ = 0;
    std::uint8_t sending_ = 0;     // so many are with the chip, the oldest next_sender_ - sending_
};

}  // namespace drivers
