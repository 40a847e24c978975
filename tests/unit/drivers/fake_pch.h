// What FakeE1000 has beside the controller when that is in a chip set: the PHY with its pages, the flag that says who has it, firmware, and
// registers of the chip set. Facts as in drivers/e1000_registers.h, independently of it.
#pragma once

#include <cstdint>
#include <map>

#include "util/time.h"

class FakePch {
  public:
    enum class Kind { None, Lan82573, Ich8, Ich9, Ich10, Lan82577, Lan82578, Lan82579, I217, I218, I219, I219Tgp };
    explicit FakePch(Kind kind);

    bool is(Kind kind) const { return kind_ == kind; }
    bool is_i219() const { return kind_ >= Kind::I219; }
    bool is_in_chip_set() const { return kind_ > Kind::Lan82573; }
    bool has_pages() const { return kind_ >= Kind::Lan82577; }
    bool loses_by_k1() const { return is(Kind::Lan82577) || is(Kind::Lan82578); }
    bool has_driver() const { return is(Kind::Lan82573) && registers_.at(0x5b50) & 1u << 3; }
    void force_speed(bool forced);  // CTRL and CTRL_EXT at once
    bool has_register(std::uint32_t at) const;
    std::uint32_t read(std::uint32_t at) const;
    void write(std::uint32_t at, std::uint32_t value);
    // What MDIC reads then. The control register is the caller's.
    std::uint32_t access_phy(std::uint32_t mdic, bool mac_forces_smbus, std::uint16_t& control);
    void check_reset();  // of the controller
    void check_transmitter() const;

    void firmware_takes_phy() { firmware_has_phy_ = true; }
    // With management firmware that has to take it out, or without.
    void enter_ultra_low_power(bool firmware);
    bool is_in_ultra_low_power() const { return low_power_; }
    void leave_flag_set() { registers_[0x0f00] |= 1u << 5; }
    bool is_released() const { return !(read(0x0f00) & 1u << 5); }
    std::uint16_t phy(unsigned page, unsigned reg) { return pages_[page << 5 | reg]; }

  private:
    bool has_flag() const { return read(0x0f00) & 1u << 5; }
    Kind kind_;
    std::map<std::uint32_t, std::uint32_t> registers_;
    std::map<unsigned, std::uint16_t> pages_;
    unsigned page_ = 0;
    bool k1_ = true, k1_wanted_ = true;
    bool firmware_ = false, firmware_has_phy_ = false, low_power_ = false;
    util::Instant phy_ready_;
};
