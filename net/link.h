// A link: what a NIC driver offers the stack. No upcalls: the stack asks.
//
// Implemented by each driver, by the virtual wire and by the libslirp link of the tests. Frames are Ethernet II
// without FCS, begin with the destination address, and may be shorter than 60 bytes (the driver pads).
#pragma once

#include <cstdint>
#include <string_view>

#include "net/address.h"
#include "net/packet.h"
#include "util/result.h"

namespace net {

enum class Duplex : std::uint8_t { Unknown, Half, Full };

struct LinkState {
    bool up = false;
    std::uint32_t megabits = 0;  // 0: not known
    Duplex duplex = Duplex::Unknown;
    bool operator==(const LinkState&) const = default;
};

// What identifies the device behind a link, for settings, messages and the iBFT.
struct LinkIdentity {
    std::string_view driver;  // "e1000"
    std::string_view chip;    // "82540EM", as ${netN/chip}
    bool has_pci_address = false;
    std::uint16_t busdevfn = 0;
    std::uint16_t vendor = 0, device = 0;  // PCI ids; 0 when it is no PCI device
};

class Link {
  public:
    virtual ~Link() = default;

    // Resets the device and starts receiving. Failure: the device does not answer as its data sheet says, or
    // there is no memory for its rings. Opening an open link does nothing.
    virtual util::Result<void> open() = 0;
    // Quiesces: no DMA after it returns. Closing a closed link does nothing.
    virtual void close() = 0;

    // Takes the packet and sends it; false, with the packet untouched, when the ring is full now.
    virtual bool transmit(Packet& packet) = 0;
    // The next frame, or a null packet. Also where the driver reclaims sent packets and refills its ring.
    virtual Packet receive() = 0;

    // As last seen by the device; cheap enough to ask in every poll.
    virtual LinkState state() = 0;

    virtual MacAddress address() const = 0;
    // Uses another address, a unicast one, from the next open() on. False: it cannot.
    virtual bool set_address(const MacAddress&) { return false; }
    virtual const LinkIdentity& identity() const = 0;
    // Largest payload of a frame, without the Ethernet header.
    virtual std::uint16_t mtu() const { return 1500; }
    // How many full-sized frames may arrive back to back without one being dropped: TCP windows, TFTP and
    // all else that invites bursts stay below it.
    virtual std::size_t receive_capacity() const = 0;
    // Where there are several drivers for it: uses the one of this name from the next open() on, or, by an empty name, the one
    // that works. False: it has no such driver.
    virtual bool choose_driver(std::string_view name) { return name.empty() || name == identity().driver; }
    // Whether transmit() completes a checksum left as Checksum::Offload.
    virtual bool checksum_offload() const { return false; }
    // How much TCP payload transmit() takes in one packet, by PacketBuffer::more, to cut it into frames by itself (TCP
    // segmentation offload); 0: it does not, at this speed or at all. The packet has the headers of the first segment,
    // the IPv4 header without length and checksum, TCP's checksum as Checksum::Offload with a sum that leaves the length
    // out, and PacketBuffer::segment_size.
    virtual std::size_t segmentation_limit() const { return 0; }
};

// Whether anybody calls set_address(): only in images with the feature `settings` do scripts.
bool addresses_change();

}  // namespace net
