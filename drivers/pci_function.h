// A PCI function as a driver sees it: identity, base address registers, capabilities, and the command
// register, which is left as it was found. PCI Local Bus Specification 3.0, sections 6.2 and 6.7.
#pragma once

#include <platform/pci.h>

#include <cstdint>

#include "net/link.h"

namespace drivers {

struct BaseAddress {
    enum class Space : std::uint8_t { None, Io, Memory };
    Space space = Space::None;
    std::uint64_t base = 0;

    // The firmware has 32-bit pointers: a window that reaches above 4 GiB is out of reach.
    bool is_reachable_memory() const { return space == Space::Memory && base != 0 && base >> 32 == 0; }
    bool is_io() const { return space == Space::Io && base != 0 && base < 0x10000; }
};

class PciFunction {
  public:
    explicit PciFunction(platform::PciAddress address) : address_(address) {}
    PciFunction(const PciFunction&) = delete;
    ~PciFunction() { disable(); }

    platform::PciAddress address() const { return address_; }
    BaseAddress base_address(unsigned index) const;  // 0 to 5; the upper half of a 64-bit one reads as None
    // Offset of the next capability with this id behind `after`, 0 when there is none.
    std::uint8_t find_capability(std::uint8_t id, std::uint8_t after = 0) const;

    enum class Access { Registers, RegistersAndDma };
    // Lets the function decode its windows, and master the bus. Remembers what was set before.
    void enable(Access access);
    // No DMA any more; decoding as it was found.
    void disable();

    std::uint8_t read8(std::uint8_t offset) const { return platform::pci_read8(address_, offset); }
    std::uint16_t read16(std::uint8_t offset) const { return platform::pci_read16(address_, offset); }
    std::uint32_t read32(std::uint8_t offset) const { return platform::pci_read32(address_, offset); }
    void write8(std::uint8_t offset, std::uint8_t value) const {
        platform::pci_write8(address_, offset, value);
    }
    void write16(std::uint8_t offset, std::uint16_t value) const {
        platform::pci_write16(address_, offset, value);
    }
    void write32(std::uint8_t offset, std::uint32_t value) const {
        platform::pci_write32(address_, offset, value);
    }

    // PCI Express: the link to it does not sleep any more.
    void switch_aspm_off() const;

    net::LinkIdentity identity(std::string_view driver, std::string_view chip) const;

  private:
    void wake_up() const;
    platform::PciAddress address_;
    bool enabled_ = false;
    std::uint16_t found_command_ = 0;
};

}  // namespace drivers
