// A vmxnet3 as other drivers describe it: commands answer in the command register, what is shared is in DMA memory and is looked at when the
// device is enabled, descriptors and completions change hands by their generation.
//
// Written from OpenBSD's if_vmxreg.h, independently of the driver: it shares none of its constants.
#pragma once

#include <array>
#include <vector>

#include "tests/host/fake_bus.h"

class FakeVmxnet3 final : public host::FakePciDevice {
  public:
    FakeVmxnet3();
    static constexpr std::array<std::uint8_t, 6> kMac{0x52, 0x54, 0x00, 0x12, 0x34, 0x56};
    std::array<std::uint8_t, 6> expected_station = kMac;  // what the driver is to write

    bool link_up = true;
    unsigned megabits = 10000;
    // A frame from the cable; false when it is lost.
    struct How {
        std::uint32_t word0 = 0x4000c000;  // start and end of packet, no checksum
        std::uint32_t word2 = 0;           // size and error; 0: the frame's
        std::uint32_t word3 = 0x03800000;  // a packet, its check sequence is right
        int index = -1;                    // -1: the descriptor's
    };
    bool deliver(std::span<const std::byte> frame, How how);
    bool deliver(std::span<const std::byte> frame) { return deliver(frame, How{}); }
    // Passes over the next buffer.
    void skip_buffer() { receive_.advance(); }
    // Looks at new buffers only when it is told.
    bool wants_doorbell = false;

    struct Sent {
        std::vector<std::byte> frame;
        std::uint32_t header = 0, mode = 0, position = 0;  // of the checksum
    };
    std::vector<Sent> sent;
    bool sends_at_once = true;
    bool completes = true;  // or says so for several later
    void finish_sending();
    // Claims that this descriptor is sent.
    void complete_sending(unsigned index);
    // Stops a queue and says so: 1, receive; 2, transmit.
    void fail(unsigned queue);
    bool is_quiet() const { return !enabled_ && !shared_ && !is_master(); }
    void leave_running() { enabled_ = true, shared_ = 0x1000; }
    unsigned resets = 0;
    bool dead = false, blank = false, refuses = false;
    unsigned revisions = 3;

    std::uint32_t read_window(unsigned bar, std::uint32_t offset, unsigned size) override;
    void write_window(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t value) override;

  private:
    struct Ring {
        std::uint64_t base = 0;
        unsigned slots = 0, at = 0, generation = 1;
        void advance() {
            if (++at == slots) at = 0, generation ^= 1;
        }
    };
    void ring_doorbell(std::uint32_t at, std::uint32_t value);
    void run(std::uint32_t command);
    std::uint32_t enable();
    Ring ring(std::uint64_t base, std::uint32_t slots, const char* what);

    std::uint32_t answer_ = 0, shared_low_ = 0;
    std::uint64_t shared_ = 0, mac_ = 0;
    unsigned failed_ = 0;
    bool enabled_ = false, filtered_ = false, revision_chosen_ = false, version_chosen_ = false;
    bool masked_ = false;
    unsigned told_ = 0;
    Ring receive_, received_, transmit_, completions_;
};
