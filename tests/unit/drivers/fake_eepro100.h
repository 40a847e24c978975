// An 8255x that enforces its manual: commands only when the last one was taken, addresses of lists in DMA memory, a receive unit that stops
// at the end of its list and starts only when it has stopped, an EEPROM by its four pins, a PHY by MDI.
//
// Written from the 8255x Open Source Software Developer Manual, independently of the driver: it shares none of its constants.
#pragma once

#include <array>
#include <vector>

#include "tests/host/fake_bus.h"

class FakeEepro100 final : public host::FakePciDevice {
  public:
    struct Model {
        unsigned eeprom_bits = 6;   // of a word's number: 6 in a 93C46, 8 in a 93C66
        bool out_of_reach = false;  // its memory is above 4 GiB: by ports
        std::uint16_t phy = 0;      // EEPROM word 6
        std::uint8_t revision = 8;  // PCI: below 4 it is an 82557, which takes no long frames
    };
    explicit FakeEepro100(Model model);
    static constexpr std::array<std::uint8_t, 6> kMac{0x52, 0x54, 0x00, 0x12, 0x34, 0x56};
    std::array<std::uint8_t, 6> expected_station = kMac;  // what the driver is to write

    bool link_up = true;
    std::uint16_t partner = 0x45e1;  // ANLPAR
    unsigned phy_address = 1;
    // A frame from the cable; false when it is lost.
    struct How {
        std::uint16_t status = 0xa000;  // C, OK
        unsigned count = 0;             // 0: the frame's
    };
    bool deliver(std::span<const std::byte> frame, How how);
    bool deliver(std::span<const std::byte> frame) { return deliver(frame, How{}); }
    // The next frame is said to be complete before it is written, until a register is read (QEMU).
    bool writes_late = false;
    // It has read the end of the list before more was added to it.
    bool reads_ahead = false;

    std::vector<std::vector<std::byte>> sent;
    bool sends_at_once = true;
    void finish_sending();
    bool takes_commands = true;
    bool is_quiet() const { return receiver_ == 0 && commander_ == 0 && !is_master(); }
    // The command unit stops as after an error: what follows is not carried out.
    void stop_commands() { commander_ = 0, stopped_ = true; }
    void leave_running() { receiver_ = 4, commander_ = 1; }
    bool is_receiving() const { return receiver_ == 4; }
    unsigned resets = 0, nops = 0;
    bool dead = false, blank = false;

    std::uint32_t read_window(unsigned bar, std::uint32_t offset, unsigned size) override;
    void write_window(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t value) override;

  private:
    void reset();
    void run(std::uint8_t command);
    void configure(util::Bytes block);
    void send(util::Bytes block);
    void move_pins(std::uint16_t value);
    void write_late();

    Model model_;
    std::uint8_t command_ = 0, interrupt_mask_ = 0;
    std::uint32_t pointer_ = 0, port_ = 0xffff, mdi_ = 1u << 28;
    unsigned receiver_ = 0, commander_ = 0;  // RUS, CUS
    bool takes_long_ = false;
    bool stopped_ = false, has_bases_[2] = {}, configured_ = false, addressed_ = false;
    std::uint32_t frame_at_ = 0, block_at_ = 0;
    bool was_last_ = false;
    std::vector<std::byte> late_;
    std::uint32_t late_at_ = 0, late_count_ = 0;
    // The EEPROM: bits clocked in since it was selected, and what it puts out.
    std::uint16_t pins_ = 0;
    unsigned ticks_ = 0, input_ = 0, word_ = 0;
    bool out_ = true;
};
