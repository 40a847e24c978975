// PCI configuration space by mechanism 1 (PCI Local Bus Specification 3.0 section 3.2.2.3.2), the only one that PCI 2.1 and
// later machines have.
#include <platform/io.h>
#include <platform/pci.h>

#include "arch/bios/machine.h"

namespace {

constexpr std::uint16_t kConfigAddress = 0xcf8, kConfigData = 0xcfc;
constexpr std::uint32_t kEnable = 0x80000000;
constexpr std::uint8_t kVendor = 0x00, kHeaderType = 0x0e;
constexpr std::uint8_t kMultiFunction = 0x80;

// The data port for a register of this function.
std::uint16_t select(platform::PciAddress address, std::uint8_t offset) {
    platform::out32(kConfigAddress, kEnable | std::uint32_t{address.busdevfn} << 8 | (offset & 0xfcu));
    return static_cast<std::uint16_t>(kConfigData + (offset & 3));
}

// How many buses there are, by the PCI BIOS (INT 1Ah B101h); 0 without one.
constinit unsigned buses = 0;
constinit bool buses_known = false;

unsigned count_buses() {
    constexpr std::uint32_t kPciSignature = 0x20494350;  // "PCI "
    arch::RealRegisters registers{};
    registers.eax = 0xb101;
    arch::bios_interrupt(0x1a, registers);
    if (arch::carry(registers) || registers.edx != kPciSignature || (registers.eax & 0xff00)) return 0;
    return (registers.ecx & 0xff) + 1;
}

bool exists(platform::PciAddress address) { return platform::pci_read16(address, kVendor) != 0xffff; }

}  // namespace

namespace platform {

std::uint8_t pci_read8(PciAddress address, std::uint8_t offset) { return in8(select(address, offset)); }
std::uint16_t pci_read16(PciAddress address, std::uint8_t offset) { return in16(select(address, offset)); }
std::uint32_t pci_read32(PciAddress address, std::uint8_t offset) { return in32(select(address, offset)); }
void pci_write8(PciAddress address, std::uint8_t offset, std::uint8_t value) { out8(select(address, offset), value); }
void pci_write16(PciAddress address, std::uint8_t offset, std::uint16_t value) { out16(select(address, offset), value); }
void pci_write32(PciAddress address, std::uint8_t offset, std::uint32_t value) { out32(select(address, offset), value); }

std::optional<PciAddress> pci_next(PciAddress from) {
    if (!buses_known) {
        buses = count_buses();
        buses_known = true;
    }
    for (std::uint32_t at = from.busdevfn; at < buses << 8; ++at) {
        PciAddress address{static_cast<std::uint16_t>(at)};
        PciAddress first{static_cast<std::uint16_t>(at & ~7u)};
        // Devices with one function may answer for all eight.
        if ((at & 7) && !(pci_read8(first, kHeaderType) & kMultiFunction)) continue;
        if (exists(address)) return address;
    }
    return std::nullopt;
}

}  // namespace platform
