#include "drivers/drivers.h"

#include <array>

#include "drivers/e1000.h"
#include "drivers/selection.h"

#ifndef SANPIPER_DRIVERS
#define SANPIPER_DRIVERS "sanpiper"
#endif

namespace drivers {

namespace {

// Never used at run time, so that a driver whose lines are all left out is left out of the image as well.
constexpr DriverEntry kTable[] = {
    // Intel PRO/1000, PCI and PCI-X, copper: fibre and SerDes need their own way to a link.
    {0x8086, 0x1008, "e1000", "82544EI", E1000::probe, e1000::k82544},
    {0x8086, 0x100c, "e1000", "82544GC", E1000::probe, e1000::k82544},
    {0x8086, 0x100d, "e1000", "82544GC LOM", E1000::probe, e1000::k82544},
    {0x8086, 0x100e, "e1000", "82540EM", E1000::probe, e1000::k82540},
    {0x8086, 0x100f, "e1000", "82545EM", E1000::probe, e1000::k82545},
    {0x8086, 0x1010, "e1000", "82546EB", E1000::probe, e1000::k82545},
    {0x8086, 0x1013, "e1000", "82541EI", E1000::probe, e1000::k82541},
    {0x8086, 0x1015, "e1000", "82540EM LOM", E1000::probe, e1000::k82540},
    {0x8086, 0x1016, "e1000", "82540EP LOM", E1000::probe, e1000::k82540},
    {0x8086, 0x1017, "e1000", "82540EP", E1000::probe, e1000::k82540},
    {0x8086, 0x1018, "e1000", "82541EI mobile", E1000::probe, e1000::k82541},
    {0x8086, 0x1019, "e1000", "82547EI", E1000::probe, e1000::k82541},
    {0x8086, 0x101e, "e1000", "82540EP LP", E1000::probe, e1000::k82540},
    {0x8086, 0x1026, "e1000", "82545GM", E1000::probe, e1000::k82540},
    {0x8086, 0x105e, "e1000e", "82571EB", E1000::probe, e1000::k82571},
    {0x8086, 0x1075, "e1000", "82547GI", E1000::probe, e1000::k82541},
    {0x8086, 0x1076, "e1000", "82541GI", E1000::probe, e1000::k82541},
    {0x8086, 0x1077, "e1000", "82541GI mobile", E1000::probe, e1000::k82541},
    {0x8086, 0x1078, "e1000", "82541ER", E1000::probe, e1000::k82541},
    {0x8086, 0x1079, "e1000", "82546GB", E1000::probe, e1000::k82540},
    {0x8086, 0x107c, "e1000", "82541PI", E1000::probe, e1000::k82541},
    {0x8086, 0x107d, "e1000e", "82572EI", E1000::probe, e1000::k82571},
    {0x8086, 0x10b9, "e1000e", "82572EI", E1000::probe, e1000::k82571},
    {0x8086, 0x10d3, "e1000e", "82574L", E1000::probe, e1000::k82574},
    {0x8086, 0x10f6, "e1000e", "82574LA", E1000::probe, e1000::k82574},
    {0x8086, 0x150c, "e1000e", "82583V", E1000::probe, e1000::k82574},
};

consteval bool is_sorted() {
    for (std::size_t i = 1; i < std::size(kTable); ++i) {
        const DriverEntry &a = kTable[i - 1], &b = kTable[i];
        if (a.vendor > b.vendor || (a.vendor == b.vendor && a.device >= b.device)) return false;
    }
    return true;
}
static_assert(is_sorted(), "the table is sorted by vendor and device");

constexpr std::string_view kSelection = SANPIPER_DRIVERS;
static_assert(is_selection(kSelection, kTable), "no such driver or PCI id: `make list` names them");

consteval std::size_t count_selected() {
    std::size_t count = 0;
    for (const DriverEntry& entry : kTable) count += selects(kSelection, entry);
    return count;
}

consteval auto select() {
    std::array<DriverEntry, count_selected()> chosen{};
    std::size_t count = 0;
    for (const DriverEntry& entry : kTable)
        if (selects(kSelection, entry)) chosen[count++] = entry;
    return chosen;
}

constexpr auto kSelected = select();

}  // namespace

std::span<const DriverEntry> selected() { return kSelected; }

const DriverEntry* find_driver(std::uint16_t vendor, std::uint16_t device) {
    for (const DriverEntry& entry : kSelected)
        if (entry.vendor == vendor && entry.device == device) return &entry;
    return nullptr;
}

std::optional<Nic> find_nic(platform::PciAddress from) {
    for (;;) {
        auto at = platform::pci_next(from);
        if (!at) return std::nullopt;
        std::uint32_t id = platform::pci_read32(*at, 0);
        if (auto* entry = find_driver(static_cast<std::uint16_t>(id), static_cast<std::uint16_t>(id >> 16)))
            return Nic{*at, entry};
        if (at->busdevfn == 0xffff) return std::nullopt;
        from.busdevfn = static_cast<std::uint16_t>(at->busdevfn + 1);
    }
}

std::optional<Nic> find_next_nic(const Nic& previous) {
    if (previous.address.busdevfn == 0xffff) return std::nullopt;
    return find_nic({static_cast<std::uint16_t>(previous.address.busdevfn + 1)});
}

}  // namespace drivers
