// <platform/pci.h>: PCI configuration space. The firmware's side: configuration mechanism 1.
#pragma once

#include <cstdint>
#include <optional>

namespace platform {

// Bus, device, function, packed as the PCI BIOS does: bus<<8 | device<<3 | function.
struct PciAddress {
    std::uint16_t busdevfn = 0;
    friend bool operator==(const PciAddress&, const PciAddress&) = default;
};

std::uint8_t pci_read8(PciAddress address, std::uint8_t offset);
std::uint16_t pci_read16(PciAddress address, std::uint8_t offset);
std::uint32_t pci_read32(PciAddress address, std::uint8_t offset);
void pci_write8(PciAddress address, std::uint8_t offset, std::uint8_t value);
void pci_write16(PciAddress address, std::uint8_t offset, std::uint16_t value);
void pci_write32(PciAddress address, std::uint8_t offset, std::uint32_t value);

// The first function that exists at or after the given one, in bus order.
std::optional<PciAddress> pci_next(PciAddress from);

}  // namespace platform
