// Says which NICs an image can be built for.
//
// Without an argument: every one, a line each: driver, PCI id, chip (`make list`). With a selection
// (drivers/selection.h): what arch/prefix/option_rom.inc needs to know of it, as assembly (kVendor, kDevice,
// DEVICE_IDS, PRODUCT, kHasUndi, kEarlyReceiver). A PCI option ROM carries one vendor, so those of the selection's first chip count;
// others find the ROM by its device list only.
#include <algorithm>
#include <charconv>
#include <cstdio>

#include "drivers/selection.h"
#include "embed/features.h"

namespace {

void print_table() {
    for (const drivers::Chip& chip : drivers::kChips) {
        char id[16];
        std::snprintf(id, sizeof id, "%04x:%04x", chip.vendor, chip.device);
        std::printf("%-11.*s %-9s  %.*s\n", static_cast<int>(chip.driver.size()), chip.driver.data(),
                    chip.is_undi() ? "-" : chip.is_isa() ? "ISA" : id, static_cast<int>(chip.name.size()),
                    chip.name.data());
    }
    std::printf("\nFeatures, of which a ROM has none, a PXE program all but https and everything else all, if not told: bin/<what>+<features>.<format>, with\nsome of these joined by \"--\", \"all\", or \"san\" for none:\n");
    for (const embed::Feature& feature : embed::kFeatures)
        std::printf("%-11.*s %.*s\n", static_cast<int>(feature.name.size()), feature.name.data(),
                    static_cast<int>(feature.help.size()), feature.help.data());
}

// What an image with several ids names first, as BIOSes before PCI 3.0 (SeaBIOS among them) look no further:
// the chips of virtual machines.
constexpr std::uint32_t kUsualIds[] = {0x1af41000, 0x8086100e, 0x808610d3, 0x808610c9, 0x10ec8029, 0x10ec8139, 0x10222000};

auto rank(const drivers::Chip& chip) {
    return std::ranges::find(kUsualIds, std::uint32_t{chip.vendor} << 16 | chip.device) - std::begin(kUsualIds);
}

// The first PCI id in the selection, which need not be one that there is a driver for.
drivers::Chip named_by_id(std::string_view selection) {
    drivers::Chip chip{};
    while (!selection.empty() && !chip.vendor) {
        std::string_view term = drivers::next_term(selection);
        if (!drivers::is_any_pci_id(term)) continue;
        std::uint32_t id = 0;
        std::from_chars(term.data(), term.data() + term.size(), id, 16);
        chip.vendor = static_cast<std::uint16_t>(id >> 16);
        chip.device = static_cast<std::uint16_t>(id);
    }
    return chip;
}

bool print_assembly(std::string_view selection) {
    if (!drivers::is_selection(selection, drivers::kChips)) return false;
    const drivers::Chip* first = nullptr;
    for (const drivers::Chip& chip : drivers::kChips)
        if (drivers::selects(selection, chip) && (!first || rank(chip) < rank(*first)))
            first = &chip;
    drivers::Chip named = named_by_id(selection);
    if (!first->vendor && named.vendor) first = &named;
    std::printf("kVendor equ 0x%04x\nkDevice equ 0x%04x\n", first->vendor, first->device);
    std::printf("%%define PRODUCT \"Sanpiper (%.*s)\"\n", static_cast<int>(selection.size()),
                selection.data());
    std::printf("kHasUndi equ %d\n", std::ranges::any_of(drivers::kChips, [&](const drivers::Chip& chip) {
                    return chip.is_undi() && drivers::selects(selection, chip);
                }));
    std::printf("kEarlyReceiver equ %d\n", std::ranges::all_of(drivers::kChips, [&](const drivers::Chip& chip) {
                    return chip.driver == "e1000" || !drivers::selects(selection, chip);
                }));
    std::printf("%%macro DEVICE_IDS 0\n");
    for (const drivers::Chip& chip : drivers::kChips)
        if (drivers::selects(selection, chip) && chip.vendor == first->vendor)
            std::printf("        dw 0x%04x\n", chip.device);
    if (first == &named) std::printf("        dw 0x%04x\n", named.device);
    std::printf("%%endmacro\n");
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        print_table();
        return 0;
    }
    if (print_assembly(argv[1])) return 0;
    std::fprintf(stderr, "%s: no such driver or PCI id; `make list` names them\n", argv[1]);
    return 1;
}
