// An NE2000 that enforces the DP8390's data sheet: what is set up while it runs, remote DMA that is not finished, accesses
// of the wrong width or outside of its memory, an overflow that is not cleared in the prescribed order.
//
// Written from the data sheet of the DP8390D, independently of the driver: it shares none of its constants.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "tests/host/fake_bus.h"
#include "util/time.h"

class FakeNe2000 final : public host::FakePciDevice {
  public:
    enum class Slot { Pci, PciWords, Isa16, Isa8, Ne1000 };
    struct Model {
        const char* name;
        Slot slot;
        std::uint16_t device = 0x8029;
        std::uint16_t vendor = 0x10ec;
        std::uint16_t port = 0xc100;
        bool signature = true;
        bool blank = false;
    };
    explicit FakeNe2000(const Model& model);

    static constexpr std::array<std::uint8_t, 6> kMac{0x52, 0x54, 0x00, 0x12, 0x34, 0x56};
    std::array<std::uint8_t, 6> expected_station = kMac;  // what the driver is to write

    // A frame from the cable; false when it is lost.
    bool deliver(std::span<const std::byte> frame);
    // What the header of the next frame says instead of the truth.
    std::optional<std::array<std::uint8_t, 4>> lie;
    std::vector<std::vector<std::byte>> sent;
    bool sends_at_once = true;
    void finish_sending();
    void leave_running();
    bool is_quiet() const { return (command_ & 1) && !(command_ & 2) && interrupt_mask_ == 0; }
    unsigned resets = 0;
    unsigned recoveries = 0;  // from overflows
    bool dead = false;
    bool is_isa() const { return model_.slot >= Slot::Isa16; }

    std::uint32_t read_window(unsigned bar, std::uint32_t offset, unsigned size) override;
    void write_window(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t value) override;

  private:
    unsigned ram_begin() const { return model_.slot == Slot::Ne1000 ? 0x2000 : 0x4000; }
    unsigned ram_end() const { return ram_begin() + (model_.slot >= Slot::Isa8 ? 0x2000 : 0x4000); }
    bool running() const { return (command_ & 3) == 2; }
    void write_command(std::uint8_t value);
    void write_page0(unsigned at, std::uint8_t value);
    void write_page1(unsigned at, std::uint8_t value);
    std::uint8_t read_page0(unsigned at);
    std::uint32_t read_data(unsigned size);
    void write_data(unsigned size, std::uint32_t value);
    bool check_data(unsigned size, unsigned direction);
    std::uint8_t prom(unsigned at) const;
    void start_sending();
    void reset();

    Model model_;
    std::vector<std::uint8_t> memory_ = std::vector<std::uint8_t>(0x10000, 0xee);
    std::uint8_t command_ = 0x21, status_ = 0, interrupt_mask_ = 0xff, data_configuration_ = 0, receive_ = 0, transmit_ = 0;
    unsigned start_ = 0, stop_ = 0, boundary_ = 0, current_ = 0;
    unsigned send_page_ = 0, send_count_ = 0, remote_address_ = 0, remote_count_ = 0;
    std::array<std::uint8_t, 6> station_{};
    std::array<std::uint8_t, 8> multicast_{};
    bool set_up_ = false;      // DCR written since reset
    bool sending_ = false;
    bool remote_active_ = false;
    enum class Overflow { None, Happened, Stopped, Started } overflow_ = Overflow::None;
    bool count_cleared_ = false;
    util::Instant stopped_at_;
};
