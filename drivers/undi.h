// A NIC by way of the UNDI that a PXE ROM has left in memory: Preboot Execution Environment (PXE) Specification 2.1.
//
// Polled, with the NIC's interrupt masked at the interrupt controller: the interrupt service call is made in every
// receive(), whatever it says about whose interrupt it is, and taken for all that it has. One such driver exists, for the
// NIC that the machine was booted from.
#pragma once

#include <platform/realmode.h>

#include "drivers/drivers.h"
#include "drivers/undi_api.h"
#include "util/time.h"

namespace drivers {

class Undi final : public net::Link {
  public:
    // The address is not looked at: the UNDI knows its own.
    static util::Result<util::Owned<net::Link>> probe(const Chip& chip, platform::PciAddress address,
                                                      net::PacketPool& pool);
    Undi(const Chip& chip, net::PacketPool& pool);
    ~Undi() override { close(); }

    util::Result<void> open() override;
    void close() override;
    bool transmit(net::Packet& packet) override;
    net::Packet receive() override;
    net::LinkState state() override;
    net::MacAddress address() const override { return mac_; }
    bool set_address(const net::MacAddress& mac) override { return mac_ = mac, mac_is_set_ = true; }
    const net::LinkIdentity& identity() const override { return identity_; }
    std::uint16_t mtu() const override { return mtu_; }
    std::size_t receive_capacity() const override;

  private:
    // Zeroed, for a call's parameters.
    undi::Shared& fresh_block();
    bool call(undi::Opcode opcode, platform::Interrupts interrupts = platform::Interrupts::On);
    util::Result<void> identify();
    void enable_bus_mastering() const;
    bool start_receiving();
    bool bring_up();
    void begin_anew();
    void reopen();
    bool is_deaf(util::Instant now) const;
    void mask_interrupt();
    void unmask_interrupt();
    bool service(std::uint16_t function);
    void drain();
    void take_fragment(const undi::IsrBlock& isr);
    void note_sent();
    bool has_room();
    bool hand_over(util::Bytes frame);

    net::PacketPool& pool_;
    platform::FarPointer entry_;
    undi::Shared& shared_;
    net::LinkIdentity identity_;
    net::MacAddress mac_;
    bool mac_is_set_ = false;  // it is not, or may not be, what the NIC has by itself
    std::uint16_t mtu_ = 1500;
    std::uint16_t interrupt_ = 0;
    std::uint32_t megabits_ = 0;
    bool open_ = false;
    bool initialised_ = true;       // the ROM booted by it
    bool masked_ = false;           // by us
    unsigned unreported_ = 0;       // frames that it has taken and not said to be sent
    bool reports_ = false;          // it has said so of some frame
    bool stuck_ = false;            // it takes no frame
    unsigned unanswered_ = 0;       // frames that it has taken since one came in
    bool has_heard_ = false;        // a frame has come in since it was opened
    util::Instant taken_at_, stuck_since_, heard_at_;
    util::Duration patience_;       // for the report of a frame, before its memory becomes the next one's
    net::PacketQueue received_;
    net::Packet assembling_;        // what has come of a frame in pieces
    std::size_t expected_ = 0;      // how long it will be
};

}  // namespace drivers
