#include "drivers/register_window.h"

#include <platform/io.h>

namespace drivers {

namespace {

// struct virtio_pci_cfg_cap.
constexpr std::uint8_t kBar = 4;
constexpr std::uint8_t kOffset = 8;
constexpr std::uint8_t kLength = 12;
constexpr std::uint8_t kData = 16;

}  // namespace

void RegisterWindow::select(std::uint32_t offset, unsigned size) const {
    pci_->write8(static_cast<std::uint8_t>(capability_ + kBar), bar_);
    pci_->write32(static_cast<std::uint8_t>(capability_ + kOffset), base_ + offset);
    pci_->write32(static_cast<std::uint8_t>(capability_ + kLength), size);
}

std::uint32_t RegisterWindow::read(std::uint32_t offset, unsigned size) const {
    if (kind_ == Kind::Ports) {
        auto port = static_cast<std::uint16_t>(base_ + offset);
        return size == 1 ? platform::in8(port) : size == 2 ? platform::in16(port) : platform::in32(port);
    }
    if (kind_ == Kind::Memory) {
        platform::Mmio memory(base_);
        return size == 1 ? memory.read8(offset) : size == 2 ? memory.read16(offset) : memory.read32(offset);
    }
    select(offset, size);
    auto data = static_cast<std::uint8_t>(capability_ + kData);
    return size == 1 ? pci_->read8(data) : size == 2 ? pci_->read16(data) : pci_->read32(data);
}

void RegisterWindow::write(std::uint32_t offset, unsigned size, std::uint32_t value) const {
    if (kind_ == Kind::Ports) {
        auto port = static_cast<std::uint16_t>(base_ + offset);
        if (size == 1) return platform::out8(port, static_cast<std::uint8_t>(value));
        if (size == 2) return platform::out16(port, static_cast<std::uint16_t>(value));
        return platform::out32(port, value);
    }
    if (kind_ == Kind::Memory) {
        platform::Mmio memory(base_);
        if (size == 1) return memory.write8(offset, static_cast<std::uint8_t>(value));
        if (size == 2) return memory.write16(offset, static_cast<std::uint16_t>(value));
        return memory.write32(offset, value);
    }
    select(offset, size);
    auto data = static_cast<std::uint8_t>(capability_ + kData);
    if (size == 1) return pci_->write8(data, static_cast<std::uint8_t>(value));
    if (size == 2) return pci_->write16(data, static_cast<std::uint16_t>(value));
    return pci_->write32(data, value);
}

}  // namespace drivers
