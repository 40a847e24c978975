// A PRO/1000 that enforces its data sheet: registers must exist on the chip, reserved bits stay, reset comes
// before set-up and after quiet, rings are set up before they are enabled, descriptors are in order and point
// to DMA memory.
//
// Written from the SDM (317453) and the data sheets of the 82574, 82576, I350 and I210, independently of the driver: it shares none of its
// constants.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "net/link.h"
#include "tests/host/fake_bus.h"
#include "tests/unit/drivers/fake_pch.h"
#include "util/time.h"

class FakeE1000 final : public host::FakePciDevice {
  public:
    enum class Eeprom { None, Narrow, Wide };  // how EERD looks, if there is one
    struct Model {
        std::uint16_t device;
        const char* chip;
        Eeprom eeprom;
        bool express = false;
        bool pcix = false;
        unsigned port = 0;                  // of a dual chip
        std::uint64_t window = 0xfeb80000;  // where the BIOS has put the registers
        bool blank_eeprom = false;
        bool keeps_rctl = false;            // through a reset, as QEMU's 82540EM does
        bool queues = false;                // 82575 and later: enabled one by one; the PHY is shared with firmware
        bool unicast_table = false;         // 82576 and later
        bool sgmii = false;                 // to a PHY outside
        bool forgets_link = false;          // behind a reset, until it negotiates, as QEMU's 82576 does
        FakePch::Kind pch = FakePch::Kind::None;
        const char* driver() const { return queues ? "igb" : express ? "e1000e" : "e1000"; }
        bool is_pch() const { return pch != FakePch::Kind::None; }
        bool in_chip_set() const { return pch > FakePch::Kind::Lan82573; }
        bool cuts() const { return eeprom != Eeprom::None; }
    };
    explicit FakeE1000(const Model& model);

    static constexpr std::array<std::uint8_t, 6> kMac{0x52, 0x54, 0x00, 0x12, 0x34, 0x56};
    // Whose frames its filter lets through.
    std::array<std::uint8_t, 6> station() const;

    // The cable.
    void set_link(bool up, unsigned megabits = 1000, net::Duplex duplex = net::Duplex::Full);
    unsigned negotiations = 0;  // that the driver has asked for
    bool phy_is_powered() const { return !(phy_control_ & 0x0800); }
    void power_phy_down() { phy_control_ |= 0x0800; }
    void leave_running();  // as another driver's work: enabled, interrupts on
    void wake_receiver() { registers_[0x0100] = 0x8012; }  // as our ROM's prefix does: RCTL
    // Management firmware: has the PHY, or the semaphore that guards who has it. And a driver of another port that died with its own.
    void firmware_takes_phy() { sync_ |= phy_flag() << 16; }
    void firmware_takes_semaphore() { firmware_semaphore_ = true; }
    void other_driver_keeps_semaphore() { smbi_ = true; }
    bool phy_is_released() const { return !(sync_ & 0xffff) && !smbi_ && !swesmbi_; }
    bool negotiates_sgmii() const { return pcs_negotiates_; }
    std::optional<FakePch> pch;
    std::uint32_t tipg() { return registers_[0x0410]; }
    std::uint32_t read_config(std::uint8_t offset, unsigned size) override;

    // A frame from the cable; false when it is lost for want of a descriptor or because the device does not
    // listen.
    struct How {
        std::uint8_t status = 0x07;  // DD, EOP, IXSM
        std::uint8_t errors = 0;
        std::optional<std::uint16_t> length;  // a lie about it
    };
    bool deliver(std::span<const std::byte> frame, How how);
    bool deliver(std::span<const std::byte> frame) { return deliver(frame, How{}); }
    std::size_t receive_room() const { return posted_.size(); }

    // Frames that have gone out, without FCS.
    std::vector<std::vector<std::byte>> sent;
    // Off: descriptors stay with the device until finish_sending().
    bool sends_at_once = true;
    void finish_sending();
    unsigned split_frames = 0;  // sent from more than one descriptor
    unsigned cut_packets = 0;   // that became several frames

    // Neither moving nor able to.
    bool is_quiet() const;
    unsigned resets = 0;
    unsigned rctl_writes = 0;
    // Answers nothing, as a device that has gone from the bus.
    bool dead = false;

    std::uint32_t read_window(unsigned bar, std::uint32_t offset, unsigned size) override;
    void write_window(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t value) override;

  private:
    struct Ring {
        std::uint64_t base = 0;
        std::uint32_t bytes = 0, head = 0, tail = 0;
        std::uint32_t count() const { return bytes / 16; }
    };
    struct Posted {
        std::uint64_t descriptor, buffer;
    };
    bool known(std::uint32_t offset, bool write) const;
    void check_reserved(std::uint32_t offset, std::uint32_t value) const;
    void write_ring(Ring& ring, std::uint32_t reg, std::uint32_t value, bool enabled);
    void write_ctrl(std::uint32_t value);
    void write_rctl(std::uint32_t value);
    void write_tctl(std::uint32_t value);
    void write_mdic(std::uint32_t value);
    void write_queue(std::uint32_t at, std::uint32_t value);
    bool queue_runs(std::uint32_t at) const;
    std::uint32_t read_queue(std::uint32_t at);
    void check_receive_queue();
    std::uint32_t phy_flag() const { return std::array{1u << 1, 1u << 2, 1u << 5, 1u << 6}[model_.port]; }
    std::uint32_t read_swsm();
    void write_swsm(std::uint32_t value);
    void write_sync(std::uint32_t value);
    void write_pcs(std::uint32_t value);
    bool flushes() const;
    bool is_in_chip_set() const { return pch && pch->is_in_chip_set(); }
    std::uint8_t link_control_ = 0;  // in configuration space
    void flush_transmit_ring();
    bool needs_flush() const { return pch && pch->is_i219() && (!posted_.empty() || !to_send_.empty()); }
    void take_receive_descriptors(std::uint32_t tail);
    void write_back_advanced(std::span<std::byte> descriptor, std::uint16_t length, How how);
    void take_transmit_descriptors(std::uint32_t tail);
    void take_context(std::span<const std::byte> descriptor);
    void check_command(std::span<const std::byte> descriptor);
    void cut_frame();
    std::uint32_t read_status() const;
    std::uint32_t read_eerd() const;
    void reset();
    bool in_reset() const;
    bool is_receiving() const;

    Model model_;
    std::map<std::uint32_t, std::uint32_t> registers_;
    std::set<std::uint32_t> written_;  // since reset
    Ring receive_, transmit_;
    std::deque<Posted> posted_;
    std::deque<std::uint64_t> to_send_;
    std::vector<std::byte> frame_;
    unsigned pieces_ = 0;
    struct Context {  // SDM 3.3.6
        unsigned ip_start, ip_sum_at, ip_end, tcp_start, tcp_sum_at, payload, header, segment;
    };
    std::optional<Context> context_;
    bool after_cut_ = false;
    bool link_up_ = true, link_forgotten_ = false;
    unsigned megabits_ = 1000;
    net::Duplex duplex_ = net::Duplex::Full;
    std::uint16_t phy_control_ = 0x1140;
    std::uint32_t mdic_ = 0;
    std::uint32_t eerd_ = 0;
    bool interrupts_masked_ = false;
    // 82575 and later.
    std::map<std::uint32_t, unsigned> enabling_;  // by RXDCTL and TXDCTL: reads until the queue says that it is enabled
    bool smbi_ = false, swesmbi_ = false, firmware_semaphore_ = false;
    std::uint32_t sync_ = 0;
    bool pcs_negotiates_ = false;
    util::Instant reset_until_;
};
