// Which drivers an image has. SANPIPER_DRIVERS is what stands before the dot in `make bin/<what>.<format>`: a PCI id
// ("8086100e"), a driver's name ("e1000"), several joined by "--", or "sanpiper" for all.
#pragma once

#include <string_view>

#include "drivers/drivers.h"

namespace drivers {

// "virtio" and "intel" are what the established firmware's users type.
constexpr std::string_view canonical_driver(std::string_view name) {
    if (name == "virtio") return "virtio-net";
    return name;
}

constexpr bool is_pci_id(std::string_view term, const DriverEntry& entry) {
    if (term.size() != 8) return false;
    std::uint32_t id = std::uint32_t{entry.vendor} << 16 | entry.device;
    for (unsigned i = 0; i < 8; ++i)
        if (term[i] != "0123456789abcdef"[id >> (28 - 4 * i) & 0xf]) return false;
    return true;
}

constexpr bool term_selects(std::string_view term, const DriverEntry& entry) {
    if (term == "sanpiper") return true;
    if (term == "intel") return entry.vendor == 0x8086;
    return canonical_driver(term) == entry.driver || is_pci_id(term, entry);
}

// Cuts the first term off the front of the selection.
constexpr std::string_view next_term(std::string_view& selection) {
    std::size_t end = selection.find("--");
    std::string_view term = selection.substr(0, end);
    selection = end == selection.npos ? std::string_view() : selection.substr(end + 2);
    return term;
}

constexpr bool selects(std::string_view selection, const DriverEntry& entry) {
    while (!selection.empty())
        if (term_selects(next_term(selection), entry)) return true;
    return false;
}

// Whether every term names a driver or an id of the table.
constexpr bool is_selection(std::string_view selection, std::span<const DriverEntry> table) {
    if (selection.empty()) return false;
    while (!selection.empty()) {
        std::string_view term = next_term(selection);
        bool known = false;
        for (const DriverEntry& entry : table) known = known || term_selects(term, entry);
        if (!known) return false;
    }
    return true;
}

}  // namespace drivers
