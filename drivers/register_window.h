// A device's registers behind whatever leads there: memory, I/O ports, or VIRTIO's window in configuration
// space for devices whose memory the BIOS has put out of a 32-bit program's reach.
#pragma once

#include <cstdint>

#include "drivers/pci_function.h"

namespace drivers {

class RegisterWindow {
  public:
    constexpr RegisterWindow() = default;
    static RegisterWindow memory(std::uint32_t base) { return {Kind::Memory, base}; }
    static RegisterWindow ports(std::uint16_t base) { return {Kind::Ports, base}; }
    // VIRTIO 1.2, section 4.1.4.9. `capability` is where VIRTIO_PCI_CAP_PCI_CFG is in configuration space.
    static RegisterWindow configuration(const PciFunction& pci, std::uint8_t capability, std::uint8_t bar,
                                        std::uint32_t offset) {
        RegisterWindow window{Kind::Configuration, offset};
        window.pci_ = &pci;
        window.capability_ = capability;
        window.bar_ = bar;
        return window;
    }
    explicit operator bool() const { return kind_ != Kind::None; }
    // Whether an access is one instruction.
    bool is_direct() const { return kind_ == Kind::Memory || kind_ == Kind::Ports; }
    RegisterWindow at(std::uint32_t offset) const {
        RegisterWindow window = *this;
        window.base_ += offset;
        return window;
    }

    std::uint8_t read8(std::uint32_t offset) const { return static_cast<std::uint8_t>(read(offset, 1)); }
    std::uint16_t read16(std::uint32_t offset) const { return static_cast<std::uint16_t>(read(offset, 2)); }
    std::uint32_t read32(std::uint32_t offset) const { return read(offset, 4); }
    void write8(std::uint32_t offset, std::uint8_t value) const { write(offset, 1, value); }
    void write16(std::uint32_t offset, std::uint16_t value) const { write(offset, 2, value); }
    void write32(std::uint32_t offset, std::uint32_t value) const { write(offset, 4, value); }

  private:
    enum class Kind : std::uint8_t { None, Memory, Ports, Configuration };
    constexpr RegisterWindow(Kind kind, std::uint32_t base) : kind_(kind), base_(base) {}
    std::uint32_t read(std::uint32_t offset, unsigned size) const;
    void write(std::uint32_t offset, unsigned size, std::uint32_t value) const;
    void select(std::uint32_t offset, unsigned size) const;

    Kind kind_ = Kind::None;
    std::uint8_t capability_ = 0;
    std::uint8_t bar_ = 0;
    std::uint32_t base_ = 0;
    const PciFunction* pci_ = nullptr;
};

}  // namespace drivers
