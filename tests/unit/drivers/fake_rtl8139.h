// An RTL8139 that enforces its data sheet: the order of set-up, aligned addresses, places that it still sends from, and what
// it wants after its ring was full.
//
// Written from the RTL8139C(L) data sheet, independently of the driver: it shares none of its constants.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "net/link.h"
#include "tests/host/fake_bus.h"

class FakeRtl8139 final : public host::FakePciDevice {
  public:
    FakeRtl8139();
    static constexpr std::array<std::uint8_t, 6> kMac{0x52, 0x54, 0x00, 0x12, 0x34, 0x56};
    std::array<std::uint8_t, 6> station = kMac;  // IDR

    void set_link(bool up, unsigned megabits = 100, bool full = true);
    void leave_running();
    // A frame from the cable; false when it is lost.
    bool deliver(std::span<const std::byte> frame);
    std::optional<std::uint32_t> lie;  // what the next frame's header says instead
    std::vector<std::vector<std::byte>> sent;
    bool sends_at_once = true;
    void finish_sending();
    bool is_quiet() const { return !(command_ & 0x0c) && interrupt_mask_ == 0 && !is_master(); }
    unsigned resets = 0, overflows = 0;
    bool dead = false;
    bool blank = false;

    std::uint32_t read_window(unsigned bar, std::uint32_t offset, unsigned size) override;
    void write_window(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t value) override;

  private:
    void write_command(std::uint8_t value);
    void write_status(unsigned index, std::uint32_t value);
    void reset();

    std::uint8_t command_ = 0;
    std::uint16_t interrupt_mask_ = 0xffff, interrupts_ = 0, capr_ = 0xfff0, written_ = 0;
    bool unlocked_ = false;  // 9346CR: configuration registers may be written
    std::uint32_t receive_ = 0, transmit_ = 0, ring_ = 0;
    std::array<std::uint32_t, 2> multicast_{};
    std::array<std::uint32_t, 4> status_{}, places_{};
    unsigned next_ = 0;
    std::vector<unsigned> sending_;
    bool stuck_ = false;  // the ring was full
    bool told_ = false;   // CAPR written since
    bool up_ = true, full_ = true;
    unsigned megabits_ = 100;
};
