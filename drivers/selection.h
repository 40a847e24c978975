// Which drivers an image has. SANPIPER_DRIVERS is what stands before the dot in `make bin/<what>.<format>`: a
// PCI id
// ("8086100e"), a driver's name ("e1000"), several joined by "--", or "sanpiper" for all that drive chips.
#pragma once

#include <string_view>

#include "drivers/chips.h"

namespace drivers {

// "virtio", "intel" and "undionly" are what the established firmware's users type.
constexpr std::string_view canonical_driver(std::string_view name) {
    if (name == "undionly") return "undi";
    if (name == "virtio") return "virtio-net";
    return name;
}

constexpr bool is_pci_id(std::string_view term, const Chip& chip) {
    if (term.size() != 8) return false;
    std::uint32_t id = std::uint32_t{chip.vendor} << 16 | chip.device;
    for (unsigned i = 0; i < 8; ++i)
        if (term[i] != "0123456789abcdef"[id >> (28 - 4 * i) & 0xf]) return false;
    return true;
}

constexpr bool term_selects(std::string_view term, const Chip& chip) {
    if (term == "sanpiper") return !chip.is_undi();
    if (term == "intel") return chip.driver.starts_with("e1000") || chip.driver == "igb";
    return canonical_driver(term) == chip.driver || is_pci_id(term, chip);
}

// Cuts the first term off the front of the selection.
constexpr std::string_view next_term(std::string_view& selection) {
    std::size_t end = selection.find("--");
    std::string_view term = selection.substr(0, end);
    selection = end == selection.npos ? std::string_view() : selection.substr(end + 2);
    return term;
}

constexpr bool selects(std::string_view selection, const Chip& chip) {
    while (!selection.empty())
        if (term_selects(next_term(selection), chip)) return true;
    return false;
}

constexpr bool is_any_pci_id(std::string_view term) {
    return term.size() == 8 && term.find_first_not_of("0123456789abcdef") == term.npos;
}

// Whether every term names a driver or an id that there is. With the driver undi an id may be any: that of the card whose ROM has an UNDI.
constexpr bool is_selection(std::string_view selection, std::span<const Chip> chips) {
    if (selection.empty() || selection.ends_with("--")) return false;
    bool has_undi = false;
    for (const Chip& chip : chips) has_undi = has_undi || (chip.is_undi() && selects(selection, chip));
    while (!selection.empty()) {
        std::string_view term = next_term(selection);
        bool known = has_undi && is_any_pci_id(term);
        for (const Chip& chip : chips) known = known || term_selects(term, chip);
        if (!known) return false;
    }
    return true;
}

}  // namespace drivers
