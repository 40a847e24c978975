#include "drivers/pci_function.h"

#include "drivers/wait.h"

namespace drivers {

namespace {

// Type 0 configuration header, section 6.1.
constexpr std::uint8_t kVendorId = 0x00;
constexpr std::uint8_t kDeviceId = 0x02;
constexpr std::uint8_t kCommand = 0x04;
constexpr std::uint8_t kStatus = 0x06;
constexpr std::uint8_t kBaseAddress0 = 0x10;
constexpr std::uint8_t kCapabilities = 0x34;

constexpr std::uint16_t kCommandIo = 1u << 0;
constexpr std::uint16_t kCommandMemory = 1u << 1;
constexpr std::uint16_t kCommandMaster = 1u << 2;
constexpr std::uint16_t kStatusHasCapabilities = 1u << 4;

// PCI Bus Power Management Interface Specification 1.2, section 3.2.
constexpr std::uint8_t kPowerManagement = 0x01;
constexpr std::uint8_t kPowerControl = 4;  // PMCSR
constexpr std::uint16_t kPowerStateMask = 3;

constexpr util::Duration kPowerUpTime = util::Duration::milliseconds(10);  // D3hot to D0, section 5.6.1

constexpr std::uint32_t kBarIo = 1u << 0;
constexpr std::uint32_t kBarTypeMask = 3u << 1;
constexpr std::uint32_t kBarType64 = 2u << 1;

}  // namespace

BaseAddress PciFunction::base_address(unsigned index) const {
    auto at = [&](unsigned i) { return read32(static_cast<std::uint8_t>(kBaseAddress0 + 4 * i)); };
    auto is_64 = [](std::uint32_t low) { return !(low & kBarIo) && (low & kBarTypeMask) == kBarType64; };
    unsigned i = 0;
    while (i < index) i += is_64(at(i)) ? 2 : 1;
    if (i != index || index > 5) return {};
    std::uint32_t low = at(index);
    if (low & kBarIo) return {BaseAddress::Space::Io, low & ~3u};
    std::uint64_t base = low & ~0xfu;
    if (is_64(low) && index < 5) base |= std::uint64_t{at(index + 1)} << 32;
    if (base == 0) return {};
    return {BaseAddress::Space::Memory, base};
}

std::uint8_t PciFunction::find_capability(std::uint8_t id, std::uint8_t after) const {
    if (!(read16(kStatus) & kStatusHasCapabilities)) return 0;
    std::uint8_t at = after ? read8(static_cast<std::uint8_t>(after + 1)) : read8(kCapabilities);
    // 48 is as many as fit behind the header: a list that goes in circles ends as well.
    for (unsigned i = 0; i < 48; ++i) {
        at &= 0xfc;
        if (at < 0x40) return 0;
        if (read8(at) == id) return at;
        at = read8(static_cast<std::uint8_t>(at + 1));
    }
    return 0;
}

// An operating system that waits for Wake-on-LAN leaves the function in D3, where it answers nothing.
void PciFunction::wake_up() const {
    std::uint8_t capability = find_capability(kPowerManagement);
    if (!capability) return;
    auto control = static_cast<std::uint8_t>(capability + kPowerControl);
    std::uint16_t state = read16(control);
    if (state & kPowerStateMask) {
        platform::pci_write16(address_, control, static_cast<std::uint16_t>(state & ~kPowerStateMask));
        wait(kPowerUpTime);
    }
}

void PciFunction::enable(Access access) {
    if (!enabled_) {
        wake_up();
        found_command_ = read16(kCommand);
        enabled_ = true;
    }
    unsigned command = found_command_;
    // A window that the BIOS has not placed would answer at address 0.
    for (unsigned i = 0; i < 6; ++i) {
        BaseAddress bar = base_address(i);
        if (bar.is_io()) command |= kCommandIo;
        if (bar.space == BaseAddress::Space::Memory) command |= kCommandMemory;
    }
    if (access == Access::RegistersAndDma)
        command |= kCommandMaster;
    else
        command &= ~unsigned{kCommandMaster};
    platform::pci_write16(address_, kCommand, static_cast<std::uint16_t>(command));
}

void PciFunction::disable() {
    if (!enabled_) return;
    enabled_ = false;
    platform::pci_write16(address_, kCommand, static_cast<std::uint16_t>(found_command_ & ~kCommandMaster));
}

// PCI Express Base Specification 2.0, 7.8.7: Link Control, ASPM Control.
void PciFunction::switch_aspm_off() const {
    constexpr std::uint8_t kExpress = 0x10, kLinkControl = 0x10;
    constexpr std::uint16_t kAspm = 3;
    std::uint8_t at = find_capability(kExpress);
    if (!at) return;
    at = static_cast<std::uint8_t>(at + kLinkControl);
    write16(at, static_cast<std::uint16_t>(read16(at) & ~kAspm));
}

net::LinkIdentity PciFunction::identity(std::string_view driver, std::string_view chip) const {
    return {.driver = driver,
            .chip = chip,
            .has_pci_address = true,
            .busdevfn = address_.busdevfn,
            .vendor = read16(kVendorId),
            .device = read16(kDeviceId)};
}

}  // namespace drivers
