// The PXE API for a network boot program (NBP) that we start: preboot, TFTP, UDP and UNDI calls of PXE 2.1.
//
// One PxeApi exists while a program runs; arch/bios/nbp.cc calls it for each far call that the program makes, and
// scripts/nbp.cc makes it. It works on one interface. Everything the program points to is looked at through GuestMemory, so
// a wild pointer is an error status. What the program gets to see of ours lies in the PxeArea: base memory that the
// machine has set aside.
#pragma once

#include "net/pxe/pxe_file.h"
#include "net/pxe/pxe_tftp.h"
#include "net/pxe/pxe_udp.h"
#include "net/pxe/pxe_undi.h"
#include "net/wire/pxe.h"
#include "util/guest_memory.h"

namespace net {

// Base memory for what programs get pointers to.
struct PxeArea {
    pxe::SegOff16 at;
    util::MutableBytes bytes;
};

// DHCP packets as a PXE ROM would have kept them (PXE 2.1 section 3.2, GET_CACHED_INFO). Needed until start().
struct PxePackets {
    util::Bytes discover, ack, reply;
};

class PxeApi {
  public:
    struct Parts {
        Stack& stack;
        Interface& interface;
        FetchContext& fetch;
        PxePackets packets;
        // Reads PCI configuration space, for the NIC's class; null: there is none.
        std::uint8_t (*read_pci)(std::uint16_t busdevfn, std::uint8_t offset) = nullptr;
        // Others, a disk for instance, live by the interface too: it stays open whatever the program says.
        bool shared = false;
    };
    explicit PxeApi(const Parts& parts) : parts(parts), undi(parts.stack, parts.interface, parts.shared) {}
    PxeApi(const PxeApi&) = delete;

    // How large the area must be.
    std::size_t area_size() const;
    // Before any call. Memory and area must outlive the program.
    void start(util::GuestMemory& memory, const PxeArea& area);

    // What the machine does after a call.
    enum class Then : std::uint8_t {
        Return,   // goes on in the program
        Restart,  // starts the program that is now at 0:7C00h (PXENV_RESTART_TFTP)
        Unload,   // goes on in the program, which has been told that nothing of ours is left
    };
    struct Answer {
        pxe::Exit exit = pxe::Exit::Failure;
        Then then = Then::Return;
    };
    Answer call(std::uint16_t function, pxe::SegOff16 parameters);

    // The program's memory; empty: not its own, or none at all.
    util::MutableBytes map(std::uint64_t address, std::size_t size) const;
    // Nothing goes on beyond the end of a far pointer's segment.
    util::MutableBytes map(pxe::SegOff16 pointer, std::size_t size) const;
    // A NIC that the program has shut down is opened again. Failure: the driver's.
    util::Result<void> open_interface() { return parts.interface.open(); }
    util::Loop& loop() const { return parts.fetch.loop; }

    // The rest is for the functions behind the calls (net/pxe/pxe_calls.h).

    struct Cached {
        pxe::SegOff16 at;
        std::uint16_t size = 0, limit = 0;
        util::MutableBytes bytes;
    };
    const Parts parts;
    PxeArea area;
    Cached cached[3];
    bool stack_unloaded = false, undi_stopped = false, restart = false;
    PxeFiles files;
    PxeTftp tftp;
    PxeUdp udp;
    PxeUndi undi;

  private:
    util::GuestMemory* memory_ = nullptr;
};

}  // namespace net
