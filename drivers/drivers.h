// The NICs this image knows, and finding them on the PCI bus.
//
// The firmware calls find_nic() over the bus at start and probe() on what it finds; the link does nothing
// until it is opened. Which chips (drivers/chips.h) an image knows is chosen when it is built
// (drivers/selection.h).
#pragma once

#include <platform/pci.h>

#include <cstdint>
#include <optional>
#include <span>

#include "drivers/chips.h"
#include "net/link.h"
#include "util/owned.h"
#include "util/result.h"

namespace drivers {

inline constexpr util::Failure kNoAnswer{util::code::kDriver + 1, "the network adapter does not answer"};
inline constexpr util::Failure kRegistersOutOfReach{
    util::code::kDriver + 2, "the BIOS has put the network adapter's registers out of reach, above 4 GB"};
inline constexpr util::Failure kNoMacAddress{util::code::kDriver + 3,
                                             "the network adapter has no valid MAC address"};
inline constexpr util::Failure kNotAsSpecified{
    util::code::kDriver + 4, "the network adapter does not behave as its specification says"};

// Makes the link of a NIC, closed. The pool must outlive it. Failure: no memory, or the device does not
// answer.
using Probe = util::Result<util::Owned<net::Link>> (*)(const Chip& chip, platform::PciAddress address,
                                                       net::PacketPool& pool);

struct DriverEntry {
    Chip chip;
    Probe probe;
};

// What this image was built with, sorted by vendor and device.
std::span<const DriverEntry> selected();

// The driver for these ids, or nullptr.
const DriverEntry* find_driver(std::uint16_t vendor, std::uint16_t device);

inline constexpr platform::PciAddress kNoAddress{0xffff};

struct Nic {
    platform::PciAddress address;  // kNoAddress: it is no PCI device, or nobody knows; of an ISA card: its port
    const DriverEntry* entry;
    const DriverEntry* undi = nullptr;  // what there is beside it
    util::Result<util::Owned<net::Link>> probe(net::PacketPool& pool) const;
    bool is_isa() const;
};

// The first NIC with a driver at or after this address, in PCI order; ISA cards come last. To walk all of them:
//     for (auto nic = find_nic({}); nic; nic = find_next_nic(*nic)) ...
std::optional<Nic> find_nic(platform::PciAddress from);
std::optional<Nic> find_next_nic(const Nic& previous);
// The NIC that the machine was booted from: the one at this address, if there is a driver for it, the one whose ROM has left
// its UNDI, or both in one.
std::optional<Nic> find_boot_nic(platform::PciAddress address);

}  // namespace drivers
