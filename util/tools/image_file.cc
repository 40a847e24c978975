#include "util/tools/image_file.h"

#include <algorithm>
#include <cstring>

#include "util/tools/option_rom.h"

namespace tools {
namespace {

constexpr std::size_t kSector = 512, kCdSector = 2048, kParagraph = 16;

std::uint32_t word(const Bytes& bytes, std::size_t at) {
    if (at + 4 > bytes.size()) fail("the file is cut short");
    std::uint32_t value;
    std::memcpy(&value, bytes.data() + at, 4);
    return value;
}
void set_word(Bytes& bytes, std::size_t at, std::uint32_t value) { std::memcpy(bytes.data() + at, &value, 4); }

bool has(const Bytes& bytes, std::size_t at, std::string_view text) {
    return at + text.size() <= bytes.size() && std::memcmp(bytes.data() + at, text.data(), text.size()) == 0;
}

// Linux boot protocol.
constexpr std::size_t kSetupSectorsAt = 0x1f1, kKernelSizeAt = 0x1f4, kKernelHeaderAt = 0x202;
// CDs: the first volume descriptor; the boot information table (mkisofs -boot-info-table), which is in the boot file; the
// loader in front of the packed image there.
constexpr std::size_t kVolumeAt = 16 * kCdSector + 1, kBootFileAt = 12, kBootSizeAt = 16, kBootSumAt = 20, kSummedFrom = 64;
constexpr std::size_t kCdLoader = kCdSector;
// Partition table, BIOS parameter block.
constexpr std::size_t kFirstPartitionAt = 446 + 8, kOemAt = 3, kReservedSectorsAt = 14;

Format format_of(const Bytes& bytes, std::size_t packed_at) {
    if (has(bytes, kVolumeAt, "CD001")) return Format::Cd;
    if (option_rom::is_rom(bytes)) return option_rom::word(bytes, option_rom::kPciPointerAt) ? Format::Rom : Format::IsaRom;
    if (has(bytes, kKernelHeaderAt, "HdrS")) return Format::Kernel;
    if (has(bytes, kSector - 2, "\x55\xaa")) return has(bytes, kOemAt, "SANPIPER") ? Format::Floppy : Format::Disk;
    switch (packed_at ? bytes[packed_at - 1] : 0xff) {  // KEEP in arch/prefix/nbp.inc
        case 0: return Format::Pxe;
        case 1: return Format::Kpxe;
        case 2: return Format::Kkpxe;
        default: fail("this is a Sanpiper image in a format that this program does not know");
    }
}

// Prefixes put it on a paragraph.
std::size_t find_packed(const Bytes& bytes) {
    bool damaged = false;
    const std::uint32_t magic = arch::kPackedMagic;
    for (std::size_t at = 0; at + sizeof(arch::PackedHeader) <= bytes.size(); at += kParagraph) {
        if (std::memcmp(bytes.data() + at, &magic, sizeof magic) != 0) continue;
        if (is_packed_image(std::span(bytes).subspan(at))) return at;
        damaged = true;
    }
    fail(damaged ? "the Sanpiper image in this file is damaged: its sum is wrong, or its end is missing" : "this is no Sanpiper image");
}

std::size_t boot_file_at(std::size_t packed_at) { return packed_at - kCdLoader; }

std::uint32_t boot_file_sum(const Bytes& cd, std::size_t at) {
    std::uint32_t sum = 0, size = word(cd, at + kBootSizeAt);
    for (std::size_t i = kSummedFrom; i + 4 <= size; i += 4) sum += word(cd, at + i);
    return sum;
}

// Where the packed image's place ends in formats that have a place for it.
std::size_t place_end(const ImageFile& file) {
    const Bytes& bytes = file.bytes;
    std::size_t end = bytes.size();
    if (file.format == Format::Cd) {
        std::size_t at = boot_file_at(file.packed_at);
        if (word(bytes, at + kBootFileAt) * kCdSector != at) fail("the CD's boot file is not where it says");
        end = at + word(bytes, at + kBootSizeAt);
    } else if (file.format == Format::Disk) {
        end = std::size_t{word(bytes, kFirstPartitionAt)} * kSector;
    } else if (file.format == Format::Floppy) {
        end = option_rom::word(bytes, kReservedSectorsAt) * kSector;
    }
    if (end > bytes.size() || end <= file.packed_at) fail("the file is cut short");
    return end;
}

void replace_in_rom(Bytes& rom, std::size_t packed_at, const Bytes& packed) {
    // A dump of a flash chip is larger than the ROM in it.
    std::size_t old_end = option_rom::declared_size(rom), file_size = rom.size();
    if (old_end > file_size) fail("the ROM is cut short");
    std::uint8_t padding = file_size > old_end ? rom[old_end] : 0;
    if (std::any_of(rom.begin() + static_cast<std::ptrdiff_t>(old_end), rom.end(), [padding](std::uint8_t byte) { return byte != padding; }))
        fail("something else follows the ROM in this file");
    rom.resize(packed_at);
    rom.insert(rom.end(), packed.begin(), packed.end());
    std::size_t units = (rom.size() + option_rom::kUnit - 1) / option_rom::kUnit;
    if (file_size > old_end && units * option_rom::kUnit > file_size) fail("the ROM would not fit into a file of this size");
    rom.resize(units * option_rom::kUnit);
    rom[option_rom::kSizeAt] = static_cast<std::uint8_t>(units);
    if (std::size_t pci = option_rom::word(rom, option_rom::kPciPointerAt)) {
        option_rom::set_word(rom, pci + option_rom::kPciSizeAt, units);
        option_rom::set_word(rom, pci + option_rom::kPciRunTimeSizeAt, units);
    }
    option_rom::set_checksums(rom);
    rom.resize(std::max(rom.size(), file_size > old_end ? file_size : 0), padding);
}

}  // namespace

const char* name_of(Format format) {
    static constexpr const char* kNames[] = {
        "option ROM for a PCI card (.rom)", "option ROM for an ISA card (.isarom)", "network boot program that unloads PXE (.pxe)",
        "network boot program that keeps the UNDI (.kpxe)", "network boot program that keeps the PXE stack (.kkpxe)",
        "kernel for boot loaders (.lkrn, .krn)", "CD image (.iso)", "hard disk or stick (.hd, .usb)", "floppy disk (.dsk)"};
    return kNames[static_cast<int>(format)];
}

ImageFile read_image(const std::string& path) {
    ImageFile file;
    file.bytes = read_file(path);
    file.packed_at = find_packed(file.bytes);
    file.format = format_of(file.bytes, file.packed_at);
    return file;
}

std::size_t room(const ImageFile& file) {
    constexpr std::size_t kProgramMost = 384 * 1024;  // of a network boot program, in base memory
    std::size_t most = arch::kPackedRoom;
    switch (file.format) {
        case Format::Rom: case Format::IsaRom: most = option_rom::kMostUnits * option_rom::kUnit - file.packed_at; break;
        case Format::Pxe: case Format::Kpxe: case Format::Kkpxe: most = kProgramMost - file.packed_at; break;
        case Format::Kernel: break;
        case Format::Cd: case Format::Disk: case Format::Floppy: most = place_end(file) - file.packed_at; break;
    }
    return std::min<std::size_t>(most, arch::kPackedRoom);
}

void replace_packed(ImageFile& file, const Bytes& packed) {
    if (packed.size() > room(file))
        fail("there is no room: the image would take " + std::to_string(packed.size()) + " bytes where there are " + std::to_string(room(file)));
    Bytes& bytes = file.bytes;
    auto place = bytes.begin() + static_cast<std::ptrdiff_t>(file.packed_at);
    switch (file.format) {
        case Format::Rom: case Format::IsaRom: replace_in_rom(bytes, file.packed_at, packed); return;
        case Format::Cd: case Format::Disk: case Format::Floppy: {
            std::fill(place, bytes.begin() + static_cast<std::ptrdiff_t>(place_end(file)), std::uint8_t{0});
            std::copy(packed.begin(), packed.end(), place);
            std::size_t at = boot_file_at(file.packed_at);
            if (file.format == Format::Cd) set_word(bytes, at + kBootSumAt, boot_file_sum(bytes, at));
            return;
        }
        default:
            bytes.erase(place, bytes.end());
            bytes.insert(bytes.end(), packed.begin(), packed.end());
            if (file.format == Format::Kernel)
                set_word(bytes, kKernelSizeAt, static_cast<std::uint32_t>((bytes.size() - (1u + bytes[kSetupSectorsAt]) * kSector) / kParagraph));
    }
}

std::vector<Check> checks(const ImageFile& file) {
    const Bytes& bytes = file.bytes;
    switch (file.format) {
        case Format::Rom: case Format::IsaRom: {
            std::size_t size = option_rom::declared_size(bytes), pnp = option_rom::word(bytes, option_rom::kPnpPointerAt);
            std::size_t pci = option_rom::word(bytes, option_rom::kPciPointerAt);
            if (size > bytes.size()) return {{"the ROM's size", false}};
            std::vector<Check> result = {{"the ROM's sum", option_rom::sum(bytes, 0, size) == 0},
                                         {"the PnP header's sum", option_rom::sum(bytes, pnp, option_rom::pnp_size(bytes, pnp)) == 0}};
            if (pci) result.push_back({"the PCI size", option_rom::word(bytes, pci + option_rom::kPciSizeAt) * option_rom::kUnit == size});
            return result;
        }
        case Format::Kernel:
            return {{"the kernel's size", bytes.size() == (1u + bytes[kSetupSectorsAt]) * kSector + word(bytes, kKernelSizeAt) * kParagraph}};
        case Format::Cd: {
            std::size_t at = boot_file_at(file.packed_at);
            return {{"the boot file's sum", word(bytes, at + kBootSumAt) == boot_file_sum(bytes, at)}};
        }
        default: return {};
    }
}

std::vector<std::uint32_t> pci_ids(const ImageFile& file) {
    if (file.format != Format::Rom) return {};
    const Bytes& rom = file.bytes;
    std::size_t pci = option_rom::word(rom, option_rom::kPciPointerAt);
    auto vendor = static_cast<std::uint32_t>(option_rom::word(rom, pci + option_rom::kVendorAt) << 16);
    std::vector<std::uint32_t> ids = {vendor | static_cast<std::uint32_t>(option_rom::word(rom, pci + option_rom::kDeviceAt))};
    if (std::size_t list = option_rom::word(rom, pci + option_rom::kDeviceListAt))
        for (list += pci; std::size_t device = option_rom::word(rom, list); list += 2)
            if (auto id = vendor | static_cast<std::uint32_t>(device); id != ids.front()) ids.push_back(id);
    return ids;
}

}  // namespace tools
