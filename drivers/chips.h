// The table of chips: every NIC that some image can have a driver for. One line a PCI id, sorted.
//
// Pure data, which the build's `make list` reads as well; drivers.cc adds the code.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "drivers/e1000_traits.h"
#include "drivers/ne2000_traits.h"
#include "drivers/r8169_traits.h"

namespace drivers {

struct Chip {
    std::uint16_t vendor, device;
    std::string_view driver;   // names an image: "e1000"
    std::string_view name;     // for people: "82540EM"
    std::uint32_t traits = 0;  // what sets it apart from its family, as its driver defines
    // Not a chip, but what a PXE ROM drives any NIC with: it is not found on the bus.
    constexpr bool is_undi() const { return vendor == 0 && device == 0; }
    // An ISA card has no PCI id: vendor 0, and the product number of its Plug and Play id, PNP....
    constexpr bool is_isa() const { return vendor == 0 && device != 0; }
};

inline constexpr Chip kChips[] = {
    {0x0000, 0x0000, "undi", "undionly"},
    {0x0000, 0x80d6, "ne2k_isa", "NE2000"},
    {0x018a, 0x0106, "rtl8139", "FPC-0106TX"},
    {0x021b, 0x8139, "rtl8139", "HNE-300"},
    {0x1022, 0x2000, "pcnet32", "PCnet"},
    {0x1023, 0x2000, "pcnet32", "PCnet misprogrammed"},
    {0x1050, 0x0940, "ne2k_pci", "W89C940"},
    {0x1050, 0x5a5a, "ne2k_pci", "W89C940F"},
    {0x10bd, 0x0e34, "ne2k_pci", "NE34"},
    // The driver r8169 has been tried on a fake of the chips only.
    {0x10ec, 0x2502, "r8169", "Killer E2500"},
    {0x10ec, 0x2600, "r8169", "Killer E2600"},
    {0x10ec, 0x8029, "ne2k_pci", "RTL8029"},
    {0x10ec, 0x8136, "r8169", "RTL8101E/8102E/8106E", r8169::kFast},
    {0x10ec, 0x8138, "rtl8139", "RTL8139 CardBus"},
    {0x10ec, 0x8139, "rtl8139", "RTL8139"},
    {0x10ec, 0x8161, "r8169", "RTL8168"},
    {0x10ec, 0x8162, "r8169", "RTL8168"},
    {0x10ec, 0x8167, "r8169", "RTL8110SC/8169SC"},
    {0x10ec, 0x8168, "r8169", "RTL8111/8168"},
    {0x10ec, 0x8169, "r8169", "RTL8169/8110S"},
    {0x10ff, 0x8168, "r8169", "TG-3468"},
    {0x1106, 0x0926, "ne2k_pci", "VT86C926", ne2000::kWordsOnly},
    {0x1113, 0x1211, "rtl8139", "SMC1211TX"},
    {0x1186, 0x1300, "rtl8139", "DFE-538TX"},
    {0x1186, 0x1340, "rtl8139", "DFE-690TXD"},
    {0x1186, 0x4300, "r8169", "DGE-528T"},
    {0x1186, 0x4302, "r8169", "DGE-530T"},
    {0x11f6, 0x1401, "ne2k_pci", "RL2000"},
    {0x1259, 0xa117, "rtl8139", "ACT8139"},
    {0x1259, 0xa11e, "rtl8139", "ACT8139 CardBus"},
    {0x1259, 0xc107, "r8169", "CG-LAPCIGT"},
    {0x12c3, 0x0058, "ne2k_pci", "HT80232", ne2000::kWordsOnly},
    {0x12c3, 0x5598, "ne2k_pci", "HT80229", ne2000::kEndsAt60},
    {0x13d1, 0xab06, "rtl8139", "FE2000VX"},
    {0x1432, 0x9130, "rtl8139", "EP-4103DL"},
    {0x14ea, 0xab06, "rtl8139", "FNW-3603-TX"},
    {0x1500, 0x1360, "rtl8139", "DELTA8139"},
    {0x15ad, 0x07b0, "vmxnet3", "vmxnet3"},
    {0x16ec, 0x0116, "r8169", "USR997902"},
    {0x1737, 0x1032, "r8169", "EG1032 rev. 3", r8169::kRevision3},
    {0x1af4, 0x1000, "virtio-net", "virtio transitional"},
    {0x1af4, 0x1041, "virtio-net", "virtio 1.0"},
    {0x4033, 0x1360, "rtl8139", "ADDTRON8139"},
    {0x4a14, 0x5000, "ne2k_pci", "NV5000SC"},
    // Intel: PRO/100 and PRO/1000, copper: fibre and SerDes need their own way to a link. igb (82575 and later)
    // and what is in chip sets (82579, I217, I218, I219) has been tried on fakes only.
    {0x8086, 0x0d4c, "e1000e", "I219-LM", e1000::k219},
    {0x8086, 0x0d4d, "e1000e", "I219-V", e1000::k219},
    {0x8086, 0x0d4e, "e1000e", "I219-LM", e1000::k219},
    {0x8086, 0x0d4f, "e1000e", "I219-V", e1000::k219},
    {0x8086, 0x0d53, "e1000e", "I219-LM", e1000::k219},
    {0x8086, 0x0d55, "e1000e", "I219-V", e1000::k219},
    {0x8086, 0x0dc5, "e1000e", "I219-LM", e1000::k219Tgp},
    {0x8086, 0x0dc6, "e1000e", "I219-V", e1000::k219Tgp},
    {0x8086, 0x0dc7, "e1000e", "I219-LM", e1000::k219Tgp},
    {0x8086, 0x0dc8, "e1000e", "I219-V", e1000::k219Tgp},
    {0x8086, 0x1008, "e1000", "82544EI", e1000::k82544},
    {0x8086, 0x100c, "e1000", "82544GC", e1000::k82544},
    {0x8086, 0x100d, "e1000", "82544GC LOM", e1000::k82544},
    {0x8086, 0x100e, "e1000", "82540EM", e1000::k82540},
    {0x8086, 0x100f, "e1000", "82545EM", e1000::k82545},
    {0x8086, 0x1010, "e1000", "82546EB", e1000::k82545},
    {0x8086, 0x1013, "e1000", "82541EI", e1000::k82541},
    {0x8086, 0x1015, "e1000", "82540EM LOM", e1000::k82540},
    {0x8086, 0x1016, "e1000", "82540EP LOM", e1000::k82540},
    {0x8086, 0x1017, "e1000", "82540EP", e1000::k82540},
    {0x8086, 0x1018, "e1000", "82541EI mobile", e1000::k82541},
    {0x8086, 0x1019, "e1000", "82547EI", e1000::k82541},
    {0x8086, 0x101e, "e1000", "82540EP LP", e1000::k82540},
    {0x8086, 0x1026, "e1000", "82545GM", e1000::k82540},
    {0x8086, 0x1029, "eepro100", "82559"},
    {0x8086, 0x1030, "eepro100", "82559 InBusiness"},
    {0x8086, 0x1031, "eepro100", "82562 VE"},
    {0x8086, 0x1032, "eepro100", "82562 VE LOM"},
    {0x8086, 0x1033, "eepro100", "82562 VM"},
    {0x8086, 0x1034, "eepro100", "82562 VM LOM"},
    {0x8086, 0x1035, "eepro100", "82562 VE mobile"},
    {0x8086, 0x1036, "eepro100", "82562 VE mobile LOM"},
    {0x8086, 0x1037, "eepro100", "82562 VM mobile"},
    {0x8086, 0x1038, "eepro100", "82562 VM mobile LOM"},
    {0x8086, 0x1039, "eepro100", "82801DB VE"},
    {0x8086, 0x103a, "eepro100", "82801DB VE LOM"},
    {0x8086, 0x103b, "eepro100", "82801DB VM"},
    {0x8086, 0x103c, "eepro100", "82801DB VM LOM"},
    {0x8086, 0x103d, "eepro100", "82801DB VE mobile"},
    {0x8086, 0x103e, "eepro100", "82801DB VM mobile"},
    {0x8086, 0x1050, "eepro100", "82562EZ"},
    {0x8086, 0x1051, "eepro100", "82801EB VE"},
    {0x8086, 0x1059, "eepro100", "82551QM"},
    {0x8086, 0x105e, "e1000e", "82571EB", e1000::k82571},
    {0x8086, 0x1064, "eepro100", "82562ET"},
    {0x8086, 0x1065, "eepro100", "82562ET LOM"},
    {0x8086, 0x1068, "eepro100", "82562ET VE mobile"},
    {0x8086, 0x1069, "eepro100", "82562EM"},
    {0x8086, 0x1075, "e1000", "82547GI", e1000::k82541},
    {0x8086, 0x1076, "e1000", "82541GI", e1000::k82541},
    {0x8086, 0x1077, "e1000", "82541GI mobile", e1000::k82541},
    {0x8086, 0x1078, "e1000", "82541ER", e1000::k82541},
    {0x8086, 0x1079, "e1000", "82546GB", e1000::k82540},
    {0x8086, 0x107c, "e1000", "82541PI", e1000::k82541},
    {0x8086, 0x107d, "e1000e", "82572EI", e1000::k82571},
    {0x8086, 0x1091, "eepro100", "82562GX"},
    {0x8086, 0x1092, "eepro100", "82562V"},
    {0x8086, 0x1093, "eepro100", "82562G"},
    {0x8086, 0x1094, "eepro100", "82562G VE"},
    {0x8086, 0x10a7, "igb", "82575EB", e1000::k82575},
    {0x8086, 0x10b9, "e1000e", "82572EI", e1000::k82571},
    {0x8086, 0x10c9, "igb", "82576", e1000::k82576},
    {0x8086, 0x10d3, "e1000e", "82574L", e1000::k82574},
    {0x8086, 0x10d6, "igb", "82575GB quad", e1000::k82575},
    {0x8086, 0x10e8, "igb", "82576 quad", e1000::k82576},
    {0x8086, 0x10f6, "e1000e", "82574LA", e1000::k82574},
    {0x8086, 0x1209, "eepro100", "82559ER"},
    {0x8086, 0x1229, "eepro100", "82557/8/9"},
    {0x8086, 0x1502, "e1000e", "82579LM", e1000::k82579},
    {0x8086, 0x1503, "e1000e", "82579V", e1000::k82579},
    {0x8086, 0x150a, "igb", "82576NS", e1000::k82576},
    {0x8086, 0x150c, "e1000e", "82583V", e1000::k82574},
    {0x8086, 0x150e, "igb", "82580", e1000::k82576},
    {0x8086, 0x1516, "igb", "82580DB", e1000::k82576},
    {0x8086, 0x1521, "igb", "I350", e1000::k82576},
    {0x8086, 0x1526, "igb", "82576 quad ET2", e1000::k82576},
    {0x8086, 0x1533, "igb", "I210", e1000::k82576},
    {0x8086, 0x1534, "igb", "I210 OEM", e1000::k82576},
    {0x8086, 0x1535, "igb", "I210-IT", e1000::k82576},
    {0x8086, 0x1539, "igb", "I211", e1000::k82576},
    {0x8086, 0x153a, "e1000e", "I217-LM", e1000::k217},
    {0x8086, 0x153b, "e1000e", "I217-V", e1000::k217},
    {0x8086, 0x1559, "e1000e", "I218-V", e1000::k218},
    {0x8086, 0x155a, "e1000e", "I218-LM", e1000::k218},
    {0x8086, 0x156f, "e1000e", "I219-LM", e1000::k219},
    {0x8086, 0x1570, "e1000e", "I219-V", e1000::k219},
    {0x8086, 0x157b, "igb", "I210 without flash", e1000::k82576},
    {0x8086, 0x15a0, "e1000e", "I218-LM", e1000::k217},
    {0x8086, 0x15a1, "e1000e", "I218-V", e1000::k217},
    {0x8086, 0x15a2, "e1000e", "I218-LM", e1000::k218},
    {0x8086, 0x15a3, "e1000e", "I218-V", e1000::k218},
    {0x8086, 0x15b7, "e1000e", "I219-LM", e1000::k219},
    {0x8086, 0x15b8, "e1000e", "I219-V", e1000::k219},
    {0x8086, 0x15b9, "e1000e", "I219-LM", e1000::k219},
    {0x8086, 0x15bb, "e1000e", "I219-LM", e1000::k219},
    {0x8086, 0x15bc, "e1000e", "I219-V", e1000::k219},
    {0x8086, 0x15bd, "e1000e", "I219-LM", e1000::k219},
    {0x8086, 0x15be, "e1000e", "I219-V", e1000::k219},
    {0x8086, 0x15d6, "e1000e", "I219-V", e1000::k219},
    {0x8086, 0x15d7, "e1000e", "I219-LM", e1000::k219},
    {0x8086, 0x15d8, "e1000e", "I219-V", e1000::k219},
    {0x8086, 0x15df, "e1000e", "I219-LM", e1000::k219},
    {0x8086, 0x15e0, "e1000e", "I219-V", e1000::k219},
    {0x8086, 0x15e1, "e1000e", "I219-LM", e1000::k219},
    {0x8086, 0x15e2, "e1000e", "I219-V", e1000::k219},
    {0x8086, 0x15e3, "e1000e", "I219-LM", e1000::k219},
    {0x8086, 0x15f4, "e1000e", "I219-LM", e1000::k219Tgp},
    {0x8086, 0x15f5, "e1000e", "I219-V", e1000::k219Tgp},
    {0x8086, 0x15f9, "e1000e", "I219-LM", e1000::k219Tgp},
    {0x8086, 0x15fa, "e1000e", "I219-V", e1000::k219Tgp},
    {0x8086, 0x15fb, "e1000e", "I219-LM", e1000::k219Tgp},
    {0x8086, 0x15fc, "e1000e", "I219-V", e1000::k219Tgp},
    {0x8086, 0x1a1c, "e1000e", "I219-LM", e1000::k219Tgp},
    {0x8086, 0x1a1d, "e1000e", "I219-V", e1000::k219Tgp},
    {0x8086, 0x1a1e, "e1000e", "I219-LM", e1000::k219Tgp},
    {0x8086, 0x1a1f, "e1000e", "I219-V", e1000::k219Tgp},
    {0x8086, 0x1f41, "igb", "I354", e1000::k82576},
    {0x8086, 0x2449, "eepro100", "82801BA"},
    {0x8086, 0x27dc, "eepro100", "82801G"},
    {0x8086, 0x550c, "e1000e", "I219-LM", e1000::k219Tgp},
    {0x8086, 0x550d, "e1000e", "I219-V", e1000::k219Tgp},
    {0x8c4a, 0x1980, "ne2k_pci", "W89C940 misprogrammed"},
    {0x8e2e, 0x3000, "ne2k_pci", "ET32P2"},
};

consteval bool is_sorted(std::span<const Chip> chips) {
    for (std::size_t i = 1; i < chips.size(); ++i) {
        const Chip &a = chips[i - 1], &b = chips[i];
        if (a.vendor > b.vendor || (a.vendor == b.vendor && a.device >= b.device)) return false;
    }
    return true;
}
static_assert(is_sorted(kChips), "the table is sorted by vendor and device");

}  // namespace drivers
