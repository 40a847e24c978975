// A PCnet-PCI that enforces its data sheet: set-up in order and while stopped, structures in DMA memory, descriptors in turn.
//
// Written from the Am79C970A data sheet, independently of the driver: it shares none of its constants.
#pragma once

#include <array>
#include <map>
#include <vector>

#include "tests/host/fake_bus.h"

class FakePcnet32 final : public host::FakePciDevice {
  public:
    enum class Access { Word, Wide };
    explicit FakePcnet32(Access access);
    static constexpr std::array<std::uint8_t, 6> kMac{0x52, 0x54, 0x00, 0x12, 0x34, 0x56};
    std::array<std::uint8_t, 6> expected_station = kMac;  // what the driver is to write

    bool link_up = true, full_duplex = false;
    // A frame from the cable; false when it is lost.
    struct How {
        std::uint16_t status = 0x0300;  // STP, ENP
        unsigned length = 0;            // 0: the frame's and 4
    };
    bool deliver(std::span<const std::byte> frame, How how);
    bool deliver(std::span<const std::byte> frame) { return deliver(frame, How{}); }
    std::vector<std::vector<std::byte>> sent;
    bool sends_at_once = true;
    void finish_sending();
    // What stops the chip until it is initialised anew: a memory error (CSR0 ERR, MERR), a transmitter that has run dry.
    void fail_memory() { status_ = static_cast<std::uint16_t>((status_ & ~0x30) | 0x8800); }
    void stop_sending() { status_ = static_cast<std::uint16_t>((status_ & ~0x10)); }
    void leave_running() { status_ = 0x0073; }
    bool is_quiet() const { return (status_ & 4) && !is_master(); }
    unsigned resets = 0;
    bool dead = false, blank = false;

    std::uint32_t read_window(unsigned bar, std::uint32_t offset, unsigned size) override;
    void write_window(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t value) override;

  private:
    void write_csr(std::uint16_t value);
    void write_bcr(std::uint16_t value);
    void initialise();
    util::MutableBytes descriptor(std::uint32_t ring, unsigned index);

    Access access_;
    unsigned selected_ = 0;
    std::uint16_t status_ = 4;
    std::map<unsigned, std::uint16_t> csr_, bcr_;
    std::uint32_t receive_ring_ = 0, transmit_ring_ = 0;
    unsigned receive_slots_ = 0, transmit_slots_ = 0, receive_at_ = 0, transmit_at_ = 0;
};
