#include "drivers/drivers.h"

#include <array>

#include "drivers/e1000.h"
#include "drivers/eepro100.h"
#include "drivers/either_link.h"
#include "drivers/ne2000.h"
#include "drivers/pcnet32.h"
#include "drivers/r8169.h"
#include "drivers/rtl8139.h"
#include "drivers/selection.h"
#include "drivers/undi.h"
#include "drivers/virtio_net.h"
#include "drivers/vmxnet3.h"

#ifndef SANPIPER_DRIVERS
#define SANPIPER_DRIVERS "sanpiper--undi"
#endif

namespace drivers {

// Not constexpr, so that the compiler stops where it would be called.
void chip_has_no_driver();

namespace {

constexpr std::string_view kSelection = SANPIPER_DRIVERS;
static_assert(is_selection(kSelection, kChips), "no such driver or PCI id: `make list` names them");

// Used while compiling only, so that a driver without a selected chip is not in the image.
consteval Probe probe_of(std::string_view driver) {
    if (driver == "e1000" || driver == "e1000e" || driver == "igb") return E1000::probe;
    if (driver == "eepro100") return Eepro100::probe;
    if (driver == "ne2k_isa" || driver == "ne2k_pci") return Ne2000::probe;
    if (driver == "pcnet32") return Pcnet32::probe;
    if (driver == "r8169") return R8169::probe;
    if (driver == "rtl8139") return Rtl8139::probe;
    if (driver == "undi") return Undi::probe;
    if (driver == "virtio-net") return VirtioNet::probe;
    if (driver == "vmxnet3") return Vmxnet3::probe;
    chip_has_no_driver();
    return nullptr;
}

consteval std::size_t count_selected() {
    std::size_t count = 0;
    for (const Chip& chip : kChips) count += selects(kSelection, chip);
    return count;
}

consteval auto select() {
    std::array<DriverEntry, count_selected()> chosen{};
    std::size_t count = 0;
    for (const Chip& chip : kChips)
        if (selects(kSelection, chip)) chosen[count++] = {chip, probe_of(chip.driver)};
    return chosen;
}

constexpr auto kSelected = select();
constexpr bool kHasUndi = kSelected[0].chip.is_undi();  // it is first in the table

consteval std::uint32_t e1000_traits() {
    std::uint32_t traits = 0;
    for (const DriverEntry& entry : kSelected)
        if (entry.probe == E1000::probe) traits |= entry.chip.traits;
    return traits;
}
constexpr std::uint32_t kE1000Traits = e1000_traits();

// An image that knows no ISA card has none of the code for it.
consteval std::size_t isa_index() {
    std::size_t i = 0;
    while (i < kSelected.size() && !kSelected[i].chip.is_isa()) ++i;
    return i;
}
constexpr bool kHasIsa = isa_index() < kSelected.size();

// The first card behind this port in the order of their list; behind port 0 are all.
std::optional<Nic> find_isa(std::uint16_t behind) {
    if constexpr (kHasIsa) {
        bool passed = behind == 0;
        for (std::uint16_t port : Ne2000::kIsaPorts) {
            if (passed && Ne2000::answers_at(port)) return Nic{{port}, &kSelected[isa_index()]};
            passed |= port == behind;
        }
    }
    return std::nullopt;
}

}  // namespace

std::span<const DriverEntry> selected() {
    return kSelected;
}

std::uint32_t e1000::traits_in_image() {
    return kE1000Traits;
}

bool Nic::is_isa() const {
    return kHasIsa && entry->chip.is_isa();
}

const DriverEntry* find_driver(std::uint16_t vendor, std::uint16_t device) {
    for (const DriverEntry& entry : kSelected)
        if (entry.chip.vendor == vendor && entry.chip.device == device) return &entry;
    return nullptr;
}

std::optional<Nic> find_nic(platform::PciAddress from) {
    for (;;) {
        auto at = platform::pci_next(from);
        if (!at) return find_isa(0);
        std::uint32_t id = platform::pci_read32(*at, 0);
        if (auto* entry = find_driver(static_cast<std::uint16_t>(id), static_cast<std::uint16_t>(id >> 16)))
            return Nic{*at, entry};
        if (at->busdevfn == 0xffff) return find_isa(0);
        from.busdevfn = static_cast<std::uint16_t>(at->busdevfn + 1);
    }
}

// The UNDI of the first Ethernet controller whose option ROM has one and can be loaded: for images whose other drivers have found
// nothing.
static std::optional<Nic> load_undi() {
    constexpr std::uint8_t kClass = 0x0a;  // PCI configuration header: class and subclass
    constexpr std::uint16_t kEthernet = 0x0200;
    for (platform::PciAddress from;; ++from.busdevfn) {
        auto at = platform::pci_next(from);
        if (!at) return std::nullopt;
        if (platform::pci_read16(*at, kClass) == kEthernet && platform::load_undi(*at)) return Nic{*at, &kSelected[0]};
        if (at->busdevfn == 0xffff) return std::nullopt;
        from = *at;
    }
}

std::optional<Nic> find_boot_nic(platform::PciAddress address) {
    std::optional<Nic> nic;
    if (address != kNoAddress) nic = find_nic(address);
    if (nic && (nic->is_isa() || nic->address != address)) nic.reset();
    if constexpr (kHasUndi) {
        if (platform::undi_entry().is_null()) return nic || find_nic({}) ? nic : load_undi();
        if (!nic) return Nic{address, &kSelected[0]};
        nic->undi = &kSelected[0];
    }
    return nic;
}

util::Result<util::Owned<net::Link>> Nic::probe(net::PacketPool& pool) const {
    auto link = entry->probe(entry->chip, address, pool);
    if constexpr (kHasUndi && kSelected.size() > 1) {
        if (!undi) return link;
        auto other = undi->probe(undi->chip, address, pool);
        if (!link.ok() || !other.ok()) return link.ok() ? std::move(link) : std::move(other);
        return util::Owned<net::Link>(TRY(util::make_owned<EitherLink>(link.take(), other.take())));
    }
    return link;
}

std::optional<Nic> find_next_nic(const Nic& previous) {
    if (previous.is_isa()) return find_isa(previous.address.busdevfn);
    if (previous.address.busdevfn == 0xffff) return find_isa(0);
    return find_nic({static_cast<std::uint16_t>(previous.address.busdevfn + 1)});
}

}  // namespace drivers
