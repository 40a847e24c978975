// An UNDI as PXE 2.1 section 4 describes it, in the host's real-mode memory; and the ways in which ROMs are known to differ.
// What a caller may not do is a violation (tests/host/fake_bus.h).
#pragma once

#include <deque>
#include <vector>

#include "drivers/undi_api.h"
#include "net/address.h"
#include "tests/host/real_mode.h"
#include "util/time.h"

class FakeUndi final : public host::PxeApi {
  public:
    struct Lies {
        bool says_not_ours = false;         // Start, of every interrupt
        bool never_says_sent = false;       // no ISR_OUT_TRANSMIT; frames are copied
        bool says_sent_with_received = false;  // ISR_OUT_TRANSMIT only where a frame has come in too; frames are copied
        bool always_says_sent = false;      // ISR_OUT_TRANSMIT for ever
        bool refuses = false;               // every frame
        bool success_but_failure = false;   // PXENV_EXIT_SUCCESS with a status that is none, for a refused frame
        bool rubbish = false;               // every field of every answer, whatever is asked, and it is a success
        unsigned silent_after = 0;          // so many frames, until it is opened again: takes what comes, and sends nothing
        unsigned deaf_after = 0;            // so many frames, until it is opened again: gives no more of what arrives
        unsigned ring = 0;                  // forgets what it has sent, and refuses all, once so many are unreported (QEMU's pcnet)
        util::Duration sending_takes;       // the frame is read, and reported, no earlier
        bool never_done = false;            // GetNext goes on with the last frame for ever
        bool busy_for_ever = false;
        bool null_frame = false;            // FrameSegOff
        bool wild_lengths = false;          // a piece longer than its frame
        bool open_needs_close = false;      // the base code has it open, so Open fails
        bool open_needs_start = false;      // Open works only after Startup and Initialize
        bool loses_itself = false;          // Close stops it altogether
        bool open_fails = false;
        bool no_information = false;
        bool no_nic_type = false;
        bool no_address = false;
        bool keeps_its_address = false;     // SetStationAddress is refused
        bool changes_blocks = false;        // leaves rubbish behind the status
        std::uint16_t mtu = 1500;
        std::uint16_t fragment = 0;         // frames come in pieces of so many bytes
        std::uint16_t interrupt = 11;
    };

    enum class State { Stopped, Started, Initialised, Open };
    explicit FakeUndi(const Lies& lies);
    FakeUndi() : FakeUndi(Lies{}) {}
    ~FakeUndi() override { host::set_pxe(nullptr); }
    std::uint16_t call(std::uint16_t opcode, std::uint32_t parameters, platform::Interrupts interrupts) override;

    // From the wire.
    void deliver(std::vector<std::byte> frame) { arrived.push_back(std::move(frame)); }

    static constexpr net::MacAddress kMac{{0x52, 0x54, 0x00, 0x12, 0x34, 0x56}};
    Lies lies;
    State state = State::Initialised;  // as the ROM's base code leaves it
    std::uint16_t filter = 0;
    std::uint16_t vendor = 0x10ec, device = 0x8139;  // PCI
    net::MacAddress station = kMac;
    std::vector<std::vector<std::byte>> sent;
    std::deque<std::vector<std::byte>> arrived;
    unsigned calls = 0, openings = 0, refused = 0;

  private:
    template <class Block>
    Block& block(std::uint32_t at) {
        return *util::view_as<Block>(host::real_memory(at, sizeof(Block)));
    }
    std::uint16_t run(drivers::undi::Opcode opcode, std::uint32_t at);
    std::uint16_t information(std::uint32_t at);
    std::uint16_t transmit(std::uint32_t at);
    std::uint16_t isr(std::uint32_t at);
    void next(drivers::undi::IsrBlock& isr);
    void finish_sending();
    bool reports_sent() const;

    enum class Service { Idle, Started, Processing } service_ = Service::Idle;
    std::uint32_t sending_at_ = 0;
    std::uint16_t sending_size_ = 0;  // 0: nothing
    util::Instant sending_since_;
    unsigned unreported_ = 0, taken_ = 0, given_ = 0;  // of those it copies; of all sent, and received, since it was opened
    std::size_t delivered_ = 0;       // of the first frame that arrived
};
