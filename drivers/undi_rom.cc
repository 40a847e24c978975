#include "drivers/undi_rom.h"

#include <algorithm>
#include <cstring>

namespace drivers {
namespace {

using util::Le16;

constexpr std::size_t kAlignment = 2048, kUnit = 512;

struct RomHeader {
    Le16 signature;
    std::uint8_t units;
    std::uint8_t code[19];
    Le16 undi, pci, pnp;
    static constexpr std::uint16_t kSignature = 0xaa55;
};
static_assert(sizeof(RomHeader) == 28);

struct UndiRomId {
    char signature[4];  // "UNDI"
    std::uint8_t length, checksum, revision, undi_revision[3];
    Le16 loader, stack_size, data_size, code_size;
    char bus[4];
};
static_assert(sizeof(UndiRomId) == 22);

struct PciData {  // PCI Firmware Specification 3.0, section 5.1.2
    char signature[4];  // "PCIR"
    Le16 vendor, device, devices, length;
    std::uint8_t revision;
    static constexpr std::uint8_t kHasList = 3;
};

template <class T>
const T* at(util::Bytes rom, std::size_t offset) {
    if (offset > rom.size() || sizeof(T) > rom.size() - offset) return nullptr;
    return util::view_as<T>(rom.subspan(offset));
}

bool is_for(util::Bytes rom, std::size_t offset, std::uint16_t vendor, std::uint16_t device) {
    const auto* pci = at<PciData>(rom, offset);
    if (!pci || std::memcmp(pci->signature, "PCIR", 4) != 0 || pci->vendor != vendor) return false;
    if (pci->device == device) return true;
    if (pci->revision < PciData::kHasList || !pci->devices) return false;
    for (std::size_t i = offset + pci->devices;; i += sizeof(Le16)) {
        const auto* listed = at<Le16>(rom, i);
        if (!listed || *listed == 0) return false;
        if (*listed == device) return true;
    }
}

std::optional<UndiRom> look_at(util::Bytes rom, const RomHeader& header) {
    const auto* id = at<UndiRomId>(rom, header.undi);
    if (!header.undi || !id || std::memcmp(id->signature, "UNDI", 4) != 0 || std::memcmp(id->bus, "PCIR", 4) != 0) return std::nullopt;
    if (id->length < sizeof(UndiRomId) || id->length > rom.size() - header.undi) return std::nullopt;
    std::uint8_t sum = 0;
    for (std::byte byte : rom.subspan(header.undi, id->length)) sum = static_cast<std::uint8_t>(sum + static_cast<std::uint8_t>(byte));
    if (sum != 0 || id->loader >= rom.size()) return std::nullopt;
    return UndiRom{0, id->loader, id->code_size, id->data_size};
}

}  // namespace

std::optional<UndiRom> find_undi_rom(util::Bytes area, std::uint16_t vendor, std::uint16_t device) {
    for (std::size_t offset = 0; offset < area.size(); offset += kAlignment) {
        const auto* header = at<RomHeader>(area, offset);
        if (!header || header->signature != RomHeader::kSignature) continue;
        util::Bytes rom = area.subspan(offset, std::min(header->units * kUnit, area.size() - offset));
        if (!is_for(rom, header->pci, vendor, device)) continue;
        auto found = look_at(rom, *header);
        if (!found) continue;
        found->offset = offset;
        return found;
    }
    return std::nullopt;
}

}  // namespace drivers
