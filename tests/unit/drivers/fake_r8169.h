// One of Realtek's gigabit chips that enforces its data sheet: set-up in order, locked registers, rings in DMA memory, descriptors in
// turn; with a PHY that takes its time, and with what re(4) knows that the data sheets do not say.
//
// Written from the RTL8169 and RTL8111B data sheets, independently of the driver: it shares none of its constants.
#pragma once

#include <array>
#include <map>
#include <vector>

#include "tests/host/fake_bus.h"
#include "util/time.h"

class FakeR8169 final : public host::FakePciDevice {
  public:
    struct Model {
        const char* name;
        std::uint16_t device = 0x8168;
        std::uint32_t revision = 0;  // in TCR
        bool express = true;
        bool fast = false;           // no 1000 Mbit/s
        bool has_gate = false;       // RTL8168G and later: MISC.RXDV_GATED, and TCR and RCR before they are on
        bool has_phy_power = false;  // PMCH
        bool has_ports = true;
        std::uint16_t vendor = 0x10ec;
        std::uint16_t subsystem = 0;
    };
    explicit FakeR8169(const Model& model);
    static constexpr std::array<std::uint8_t, 6> kMac{0x52, 0x54, 0x00, 0x12, 0x34, 0x56};
    std::array<std::uint8_t, 6> station = kMac;  // IDR

    // A frame from the cable; false when it is lost.
    struct How {
        std::uint32_t status = 0;   // or'ed to what the chip says
        std::uint32_t without = 0;  // and what it then does not say
        unsigned length = 0;        // 0: the frame's and 4
    };
    bool deliver(std::span<const std::byte> frame, How how);
    bool deliver(std::span<const std::byte> frame) { return deliver(frame, How{}); }
    std::vector<std::vector<std::byte>> sent;
    bool sends_at_once = true;
    void finish_sending(unsigned frames = 1000);
    unsigned unseen_demands = 0;  // that came while it sent
    // What stops it until a reset.
    void break_bus() { stop(0x8000); }
    void overflow() { stop(0x0040); }

    void plug_cable(bool is_in, unsigned megabits = 1000, bool full = true);
    // As drivers of operating systems may leave it.
    void leave_running();
    void leave_asleep();                                     // PHY without power, receiver gated
    void leave_slow() { phy_[4] = 0x0061, phy_[9] = 0, slow_until_restart_ = true; }
    bool is_quiet() const { return !(command_ & 0x0c) && mask_ == 0 && !is_master(); }
    unsigned resets = 0, restarts = 0, misses = 0;
    bool dead = false, blank = false;
    std::uint16_t link_control() { return static_cast<std::uint16_t>(read_config(capability_ + 0x10, 2)); }

    std::uint32_t read_window(unsigned bar, std::uint32_t offset, unsigned size) override;
    void write_window(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t value) override;

  private:
    bool is_back(std::uint32_t at);
    bool pays_heed() const { return !stopped_ && (command_ & 0x0c) == 0x0c; }
    void stop(std::uint16_t event) { stopped_ = true, events_ |= event; }
    void reset();
    void write_command(std::uint8_t value);
    void access_phy(std::uint32_t value);
    std::uint32_t phy_answer();
    unsigned speed() const;
    void fetch();
    void look();

    Model model_;
    std::uint8_t capability_ = 0;
    std::uint8_t command_ = 0, max_transmit_ = 0, phy_power_ = 0xf3;
    std::uint16_t mask_ = 0xffff, events_ = 0, mode_ = 0, largest_ = 0;
    std::uint32_t misc_ = 0, receive_ = 0, transmit_ = 0;
    std::array<std::uint32_t, 2> multicast_{}, receive_ring_{}, transmit_ring_{};
    unsigned receive_at_ = 0, transmit_at_ = 0;
    bool unlocked_ = false, stopped_ = false, configured_ = false;
    std::vector<std::vector<std::byte>> sending_;  // fetched
    std::vector<unsigned> sending_from_;
    util::Instant back_at_{}, phy_done_at_{};
    std::uint32_t phy_access_ = 0;
    std::map<unsigned, std::uint16_t> phy_;
    bool cable_ = true, full_ = true, slow_until_restart_ = false;
    unsigned megabits_ = 1000;
};
