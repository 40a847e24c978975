#include "san/el_torito.h"

#include <algorithm>
#include <array>

namespace san {

namespace {

constexpr std::size_t kBlock = 2048;

// Block 17: section 2, figure 7.
struct BootRecord {
    std::uint8_t type;  // 0
    std::array<char, 5> id;
    std::uint8_t version;
    std::array<char, 32> system;
    std::array<std::uint8_t, 32> unused;
    util::Le32 catalog;
};
constexpr std::uint64_t kBootRecordLba = 17;
constexpr std::string_view kStandard = "CD001", kElTorito = "EL TORITO SPECIFICATION";

// Validation entry, section headers, boot entries: all of 32 bytes (figures 2 to 5).
struct CatalogEntry {
    std::uint8_t kind;
    std::uint8_t media;     // the platform in the validation entry and headers
    util::Le16 segment;
    std::uint8_t system, unused;
    util::Le16 sectors;
    util::Le32 lba;
    std::array<std::uint8_t, 20> rest;
};
static_assert(sizeof(CatalogEntry) == 32);
constexpr std::uint8_t kValidation = 1, kHeader = 0x90, kLastHeader = 0x91, kBootable = 0x88;
constexpr std::uint8_t kPlatformX86 = 0, kMediaMask = 0x0f;
constexpr std::uint16_t kUsualSegment = 0x7c0;

bool begins_with(const auto& field, std::string_view text) {
    return std::string_view(field.data(), field.size()).substr(0, text.size()) == text;
}

}  // namespace

util::Result<CdBootEntry> find_boot_entry(Drive& cd) {
    util::Buffer<kBlock> block;
    if (!cd.has(kBootRecordLba, 1)) return kNotBootableCd;
    if (auto read = cd.read(kBootRecordLba, block); !read.ok()) return *read.failure;
    const auto& record = *util::view_as<BootRecord>(block.all());
    if (record.type != 0 || !begins_with(record.id, kStandard) || !begins_with(record.system, kElTorito)) return kNotBootableCd;
    std::uint32_t catalog = record.catalog;
    if (!cd.has(catalog, 1)) return kNotBootableCd;
    if (auto read = cd.read(catalog, block); !read.ok()) return *read.failure;
    std::uint8_t platform = 0xff;
    for (std::size_t at = 0; at != kBlock; at += sizeof(CatalogEntry)) {
        const auto& entry = *util::view_as<CatalogEntry>(block.all().subspan(at));
        if (entry.kind == kHeader || entry.kind == kLastHeader || (at == 0 && entry.kind == kValidation)) platform = entry.media;
        auto media = static_cast<CdBootEntry::Media>(entry.media & kMediaMask);
        bool is_known = media <= CdBootEntry::Media::HardDisk;
        if (entry.kind != kBootable || platform != kPlatformX86 || !is_known || !cd.has(entry.lba, 1)) continue;
        std::uint16_t segment = entry.segment, sectors = entry.sectors;
        return CdBootEntry{media, segment ? segment : kUsualSegment, sectors ? sectors : std::uint16_t{1}, entry.lba};
    }
    return kNoBiosEntry;
}

util::Result<std::uint64_t> emulated_blocks(Drive& cd, const CdBootEntry& entry) {
    constexpr std::uint32_t kDiskettes[] = {2400, 2880, 5760};
    constexpr std::size_t kTable = 446, kEntries = 4, kToFirstLba = 8;
    std::uint64_t blocks = 0, room = (cd.block_geometry().blocks - entry.lba) * (kBlock / 512);
    if (entry.media != CdBootEntry::Media::HardDisk) {
        blocks = kDiskettes[static_cast<std::size_t>(entry.media) - 1];
    } else {
        util::Buffer<kBlock> block;
        if (auto read = cd.read(entry.lba, block); !read.ok()) return *read.failure;
        util::Reader table(block.all().subspan(kTable));
        for (std::size_t i = 0; i < kEntries; ++i) {
            table.skip(kToFirstLba);
            std::uint64_t first = table.le32(), count = table.le32();
            blocks = std::max(blocks, first + count);
        }
    }
    return blocks ? std::min(blocks, room) : room;
}

}  // namespace san
