#include "san/geometry.h"

#include <algorithm>
#include <array>

namespace san {

using util::Reader;

namespace {

constexpr std::size_t kTableOffset = 446, kEntries = 4, kEntrySize = 16, kSectorSize = 512;
constexpr std::uint16_t kSignature = 0xaa55;
// The last cylinder that CHS can say: entries that reach further hold it, or something arbitrary.
constexpr std::uint16_t kLastCylinder = ChsGeometry::kMaxCylinders - 1;

struct Entry {
    std::uint8_t type = 0;
    Chs first, last;
    std::uint32_t first_lba = 0, blocks = 0;
    bool used() const { return type != 0 && blocks != 0; }
    std::uint32_t last_lba() const { return first_lba + blocks - 1; }
};

Chs read_chs(Reader& reader) {
    Chs chs;
    chs.head = reader.u8();
    std::uint8_t packed = reader.u8();
    chs.sector = packed & 0x3f;
    chs.cylinder = static_cast<std::uint16_t>((packed & 0xc0) << 2 | reader.u8());
    return chs;
}

Entry read_entry(util::Bytes sector, std::size_t index) {
    Reader reader(sector.subspan(kTableOffset + index * kEntrySize, kEntrySize));
    Entry entry;
    reader.skip(1);  // boot indicator
    entry.first = read_chs(reader);
    entry.type = reader.u8();
    entry.last = read_chs(reader);
    entry.first_lba = reader.le32();
    entry.blocks = reader.le32();
    return entry;
}

bool agrees(const ChsGeometry& geometry, const Chs& chs, std::uint32_t lba) {
    if (chs.cylinder >= kLastCylinder) return true;
    return geometry.lba(chs) == lba;
}

struct Table {
    std::array<Entry, kEntries> entries;
    bool agrees_with(const ChsGeometry& geometry) const {
        return std::all_of(entries.begin(), entries.end(), [&](const Entry& entry) {
            return !entry.used() || (agrees(geometry, entry.first, entry.first_lba) &&
                                     agrees(geometry, entry.last, entry.last_lba()));
        });
    }
};

ChsGeometry with_cylinders(std::uint16_t heads, std::uint8_t sectors, std::uint64_t blocks) {
    ChsGeometry geometry{ChsGeometry::kMaxCylinders, heads, sectors};
    std::uint32_t cylinder = geometry.blocks_per_cylinder();
    if (blocks < std::uint64_t{cylinder} * ChsGeometry::kMaxCylinders)
        geometry.cylinders = static_cast<std::uint16_t>(
            std::max<std::uint32_t>(1, static_cast<std::uint32_t>(blocks) / cylinder));
    return geometry;
}

}  // namespace

std::optional<std::uint32_t> ChsGeometry::lba(const Chs& chs) const {
    if (chs.cylinder >= cylinders || chs.head >= heads || chs.sector == 0 || chs.sector > sectors)
        return std::nullopt;
    return (chs.cylinder * std::uint32_t{heads} + chs.head) * sectors + chs.sector - 1;
}

ChsGeometry diskette_geometry(std::uint64_t blocks) {
    for (ChsGeometry format : {ChsGeometry{40, 2, 9}, ChsGeometry{80, 2, 9}, ChsGeometry{80, 2, 15}, ChsGeometry{80, 2, 36}})
        if (blocks == format.cylinders * format.blocks_per_cylinder()) return format;
    return {80, 2, 18};
}

ChsGeometry guess_geometry(util::Bytes first_sector, std::uint64_t blocks) {
    constexpr std::uint16_t kHeads = 255;
    constexpr std::uint8_t kSectors = 63;
    ChsGeometry usual = with_cylinders(kHeads, kSectors, blocks);
    if (first_sector.size() < kSectorSize) return usual;
    Reader signature(first_sector.subspan(kSectorSize - 2));
    if (signature.le16() != kSignature) return usual;

    Table table;
    for (std::size_t i = 0; i < kEntries; ++i) table.entries[i] = read_entry(first_sector, i);
    // Not with the cylinders that the disk has: tables count a last cylinder that is not complete, too.
    ChsGeometry candidate{ChsGeometry::kMaxCylinders, kHeads, kSectors};
    if (table.agrees_with(candidate)) return usual;

    // Partitions used to end with a cylinder: at its last head and sector.
    for (const Entry& entry : table.entries) {
        if (!entry.used() || entry.last.sector == 0 || entry.last.head == 255) continue;
        candidate.heads = entry.last.head + 1u;
        candidate.sectors = entry.last.sector;
        if (table.agrees_with(candidate)) return with_cylinders(candidate.heads, candidate.sectors, blocks);
    }
    // They need not: then the translations that BIOSes have made of old ("LBA-assisted" and 64 by 32 of
    // SCSI).
    for (std::uint16_t heads : {16, 32, 64, 128, 240})
        for (std::uint8_t sectors : {63, 32}) {
            candidate.heads = heads;
            candidate.sectors = sectors;
            if (table.agrees_with(candidate)) return with_cylinders(heads, sectors, blocks);
        }
    return usual;
}

}  // namespace san
