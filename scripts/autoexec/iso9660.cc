#include "scripts/autoexec/iso9660.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

#include "util/text.h"

namespace scripts {

namespace {

using util::Be16, util::Be32, util::Le16, util::Le32;

constexpr std::uint32_t kSector = 2048, kBlocksASector = kSector / DiskBlocks::kSize;

// ECMA-119 section 9.1. Numbers are there in both orders.
struct DirectoryRecord {
    std::uint8_t size, attribute_sectors;
    Le32 sector;
    Be32 sector_big_endian;
    Le32 length;
    Be32 length_big_endian;
    std::array<std::uint8_t, 7> date;
    std::uint8_t flags, unit, gap;
    Le16 volume;
    Be16 volume_big_endian;
    std::uint8_t name_size;
    static constexpr std::uint8_t kDirectory = 2, kAssociated = 4, kGoesOn = 128;
};
static_assert(sizeof(DirectoryRecord) == 33);

// What of a volume descriptor is wanted: sections 8.1 and 8.4.
struct VolumeDescriptor {
    std::uint8_t type;
    std::array<char, 5> identifier;
    std::array<std::uint8_t, 74> other;
    Le32 sectors;
    std::array<std::uint8_t, 44> sets;
    Le16 block_size;
    std::array<std::uint8_t, 26> path_tables;
    DirectoryRecord root;
    static constexpr std::uint8_t kPrimary = 1;
};
static_assert(offsetof(VolumeDescriptor, sectors) == 80 && offsetof(VolumeDescriptor, block_size) == 128 && offsetof(VolumeDescriptor, root) == 156);
constexpr std::uint32_t kFirstDescriptor = 16, kMostDescriptors = 16;

// Names have a version behind a semicolon, and some a dot at their end.
bool is_called(std::string_view name, std::string_view wanted) {
    name = name.substr(0, name.find(';'));
    if (name.ends_with('.')) name.remove_suffix(1);
    return util::equal_ignoring_case(name, wanted);
}

}  // namespace

std::optional<IsoVolume> IsoVolume::open(DiskBlocks& disk) {
    IsoVolume volume(disk);
    for (std::uint32_t i = 0; i < kMostDescriptors; ++i) {
        if (!volume.load((kFirstDescriptor + i) * kBlocksASector).ok()) return std::nullopt;
        const auto& descriptor = *util::view_as<VolumeDescriptor>(volume.block_.all());
        if (std::string_view(descriptor.identifier.data(), descriptor.identifier.size()) != "CD001") return std::nullopt;
        if (descriptor.type != VolumeDescriptor::kPrimary) continue;
        if (descriptor.block_size != kSector || descriptor.sectors > UINT32_MAX / kBlocksASector) return std::nullopt;
        volume.sectors_ = descriptor.sectors;
        volume.root_ = {descriptor.root.sector + descriptor.root.attribute_sectors, descriptor.root.length};
        return volume;
    }
    return std::nullopt;
}

util::Result<void> IsoVolume::load(std::uint32_t block) {
    if (loaded_ == block) return {};
    loaded_.reset();
    if (!disk_.read(block, block_.all().first<DiskBlocks::kSize>())) return kUnreadableDisk;
    loaded_ = block;
    return {};
}

util::Result<void> IsoVolume::copy(std::uint32_t sector, std::uint32_t offset, util::MutableBytes target) {
    while (!target.empty()) {
        if (sector >= sectors_ || offset / kSector >= sectors_ - sector) return kBadFileSystem;
        TRY(load(sector * kBlocksASector + offset / DiskBlocks::kSize));
        util::Bytes source = block_.all().subspan(offset % DiskBlocks::kSize);
        std::size_t size = std::min(source.size(), target.size());
        std::memcpy(target.data(), source.data(), size);
        target = target.subspan(size);
        offset += static_cast<std::uint32_t>(size);
    }
    return {};
}

util::Result<std::optional<IsoVolume::File>> IsoVolume::find(const Name& name) {
    constexpr std::uint32_t kLargest = 1 << 20;  // of a directory
    if (root_.size > kLargest) return kBadFileSystem;
    util::Buffer<sizeof(DirectoryRecord)> bytes;
    util::Buffer<32> called;
    for (std::uint32_t at = 0; at < root_.size;) {
        TRY(copy(root_.sector, at, bytes));
        const auto& record = *util::view_as<DirectoryRecord>(bytes.all());
        // A record lies within a sector, what is left of it is zeros.
        if (record.size == 0) {
            at = (at / kSector + 1) * kSector;
            continue;
        }
        if (record.size < sizeof record + record.name_size || record.size > kSector - at % kSector) return kBadFileSystem;
        util::MutableBytes text = called.all().first(std::min<std::size_t>(record.name_size, called.all().size()));
        TRY(copy(root_.sector, at + sizeof record, text));
        constexpr std::uint8_t kOtherKinds = DirectoryRecord::kDirectory | DirectoryRecord::kAssociated | DirectoryRecord::kGoesOn;
        bool is_plain = !(record.flags & kOtherKinds) && record.unit == 0 && record.gap == 0;
        if (is_plain && (is_called(util::as_text(text), name.in_full) || is_called(util::as_text(text), name.short_form)))
            return std::optional(File{record.sector + record.attribute_sectors, record.length});
        at += record.size;
    }
    return std::optional<File>();
}

util::Result<util::Vector<std::byte>> IsoVolume::read(const File& file, std::uint32_t largest) {
    util::Vector<std::byte> bytes;
    if (file.size > largest) return kFileTooLarge;
    TRY(bytes.resize(file.size));
    TRY(copy(file.sector, 0, bytes.span()));
    return bytes;
}

}  // namespace scripts
