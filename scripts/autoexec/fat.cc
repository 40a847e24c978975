#include "scripts/autoexec/fat.h"

#include <algorithm>
#include <array>

#include "util/text.h"

namespace scripts {

namespace {

using util::Le16, util::Le32;

// The volume's first block: "Boot Sector and BPB".
struct BootSector {
    std::array<std::uint8_t, 11> other;
    Le16 block_size;
    std::uint8_t cluster_blocks;
    Le16 reserved;
    std::uint8_t fats;
    Le16 root_entries, blocks_16;
    std::uint8_t media;
    Le16 fat_blocks_16, track_blocks, heads;
    Le32 hidden, blocks_32;
    // FAT32 has this behind it, the others something else.
    Le32 fat_blocks_32;
    Le16 flags, version;
    Le32 root_cluster;
};
static_assert(offsetof(BootSector, root_cluster) == 44);
constexpr std::size_t kSignatureAt = 510;
constexpr std::uint16_t kSignature = 0xaa55;
constexpr std::uint8_t kLowestMedia = 0xf0;
constexpr std::uint8_t kClusterBlocks[] = {1, 2, 4, 8, 16, 32, 64, 128};
// It is the number of clusters that says which kind of FAT it is.
constexpr std::uint32_t kFewestFor16 = 4085, kFewestFor32 = 65525, kMost = 0x0ffffff5;

struct Entry {
    std::array<char, 11> name;
    std::uint8_t attributes;
    std::array<std::uint8_t, 8> other;
    Le16 cluster_high;
    Le32 time;
    Le16 cluster_low;
    Le32 size;
};
static_assert(sizeof(Entry) == 32);
constexpr char kEnd = 0, kDeleted = '\xe5';
constexpr std::uint8_t kLabel = 8, kDirectory = 16, kLongName = 15, kAttributes = 63;

// In front of a file's entry: a part of its long name, of which there is no other.
struct NamePart {
    std::uint8_t number;
    std::array<Le16, 5> a;
    std::uint8_t attributes, type, sum;
    std::array<Le16, 6> b;
    Le16 cluster;
    std::array<Le16, 2> c;
    static constexpr std::size_t kCharacters = 13;
    std::uint16_t character(std::size_t i) const { return i < 5 ? a[i] : i < 11 ? b[i - 5] : c[i - 11]; }
};
static_assert(sizeof(NamePart) == sizeof(Entry));
constexpr std::uint8_t kOnlyPart = 0x41;

bool matches(const NamePart& part, std::string_view name) {
    if (part.number != kOnlyPart || name.size() > NamePart::kCharacters) return false;
    for (std::size_t i = 0; i < NamePart::kCharacters; ++i) {
        std::uint16_t character = part.character(i);
        if (i == name.size()) return character == 0;
        if (character > '~' || util::to_lower(static_cast<char>(character)) != util::to_lower(name[i])) return false;
    }
    return true;
}

std::uint8_t sum_of(const std::array<char, 11>& name) {
    std::uint8_t sum = 0;
    for (char c : name) sum = static_cast<std::uint8_t>((sum >> 1 | sum << 7) + static_cast<std::uint8_t>(c));
    return sum;
}

}  // namespace

std::optional<FatVolume> FatVolume::open(DiskBlocks& disk, std::uint32_t first) {
    FatVolume volume(disk);
    volume.first_ = first;
    if (!volume.load(0).ok()) return std::nullopt;
    const auto& boot = *util::view_as<BootSector>(volume.block_.all());
    if (util::Reader(volume.block_.all().subspan(kSignatureAt)).le16() != kSignature || boot.block_size != DiskBlocks::kSize ||
        std::ranges::find(kClusterBlocks, boot.cluster_blocks) == std::end(kClusterBlocks) || boot.reserved == 0 || boot.fats == 0 || boot.media < kLowestMedia)
        return std::nullopt;
    constexpr std::uint32_t kEntriesABlock = DiskBlocks::kSize / sizeof(Entry);
    std::uint32_t blocks = boot.blocks_16 ? std::uint32_t{boot.blocks_16} : std::uint32_t{boot.blocks_32};
    volume.fat_blocks_ = boot.fat_blocks_16 ? std::uint32_t{boot.fat_blocks_16} : std::uint32_t{boot.fat_blocks_32};
    volume.fat_ = boot.reserved;
    volume.root_blocks_ = (boot.root_entries + kEntriesABlock - 1) / kEntriesABlock;
    std::uint64_t root = volume.fat_ + std::uint64_t{volume.fat_blocks_} * boot.fats, data = root + volume.root_blocks_;
    if (data >= blocks || blocks > UINT32_MAX - first) return std::nullopt;
    volume.root_ = static_cast<std::uint32_t>(root);
    volume.data_ = static_cast<std::uint32_t>(data);
    volume.cluster_blocks_ = boot.cluster_blocks;
    volume.clusters_ = (blocks - volume.data_) / volume.cluster_blocks_;
    if (volume.clusters_ > kMost) return std::nullopt;
    volume.bits_ = volume.clusters_ < kFewestFor16 ? 12 : volume.clusters_ < kFewestFor32 ? 16 : 32;
    if (volume.bits_ == 32) volume.root_cluster_ = boot.root_cluster;
    return volume;
}

util::Result<void> FatVolume::load(std::uint32_t block) {
    if (loaded_ == block) return {};
    loaded_.reset();
    if (!disk_.read(first_ + block, block_.all().first<DiskBlocks::kSize>())) return kUnreadableDisk;
    loaded_ = block;
    return {};
}

util::Result<std::uint8_t> FatVolume::fat_byte(std::uint32_t offset) {
    std::uint32_t block = offset / DiskBlocks::kSize;
    if (block >= fat_blocks_) return kBadFileSystem;
    TRY(load(fat_ + block));
    return std::to_integer<std::uint8_t>(block_.all()[offset % DiskBlocks::kSize]);
}

util::Result<std::uint32_t> FatVolume::next(std::uint32_t cluster) {
    std::uint32_t offset = bits_ == 12 ? cluster + cluster / 2 : cluster * (bits_ / 8), value = 0;
    for (unsigned i = 0; i < (bits_ + 7) / 8; ++i) value |= std::uint32_t{TRY(fat_byte(offset + i))} << 8 * i;
    // Two entries of 12 bits share a byte; the upper 4 bits of 32 are reserved.
    if (bits_ == 12) value = cluster & 1 ? value >> 4 : value & 0xfff;
    if (bits_ == 32) value &= 0x0fffffff;
    if (!is_cluster(value)) return kBadFileSystem;
    return value;
}

struct FatVolume::Search {
    const Name& name;
    std::optional<std::uint8_t> sum = {};  // of the short name to which the long one in front belongs that is looked for
    std::optional<File> found = {};
};

// Whether the search is over.
bool FatVolume::look_at_block(Search& search) {
    for (util::Bytes entries = block_.all(); !entries.empty(); entries = entries.subspan(sizeof(Entry))) {
        const auto& entry = *util::view_as<Entry>(entries);
        if (entry.name[0] == kEnd) return true;
        if (entry.name[0] != kDeleted && (entry.attributes & kAttributes) == kLongName) {
            const auto& part = *util::view_as<NamePart>(entries);
            search.sum.reset();
            if (matches(part, search.name.in_full)) search.sum = part.sum;
            continue;
        }
        bool is_it = search.sum == sum_of(entry.name) || std::string_view(entry.name.data(), entry.name.size()) == search.name.short_form;
        search.sum.reset();
        if (!is_it || entry.name[0] == kDeleted || entry.attributes & (kLabel | kDirectory)) continue;
        std::uint32_t high = bits_ == 32 ? std::uint32_t{entry.cluster_high} << 16 : 0;
        search.found = File{high | entry.cluster_low, entry.size};
        return true;
    }
    return false;
}

util::Result<std::optional<FatVolume::File>> FatVolume::find(const Name& name) {
    constexpr std::uint32_t kMostBlocks = 4096;  // of a directory: 65536 entries
    Search search{name};
    std::uint32_t cluster = root_cluster_, seen = 0;
    if (bits_ == 32 && !is_cluster(cluster)) return kBadFileSystem;
    for (;;) {
        std::uint32_t begin = bits_ == 32 ? block_of(cluster) : root_, count = bits_ == 32 ? cluster_blocks_ : root_blocks_;
        for (std::uint32_t i = 0; i < count; ++i) {
            if (++seen > kMostBlocks) return kBadFileSystem;
            TRY(load(begin + i));
            if (look_at_block(search)) return search.found;
        }
        // A directory that is full to its end has no mark there.
        if (bits_ != 32) return search.found;
        auto following = next(cluster);
        if (!following.ok()) return &following.failure() == &kBadFileSystem ? util::Result<std::optional<File>>(search.found) : following.failure();
        cluster = following.value();
    }
}

util::Result<util::Vector<std::byte>> FatVolume::read(const File& file, std::uint32_t largest) {
    util::Vector<std::byte> bytes;
    if (file.size > largest) return kFileTooLarge;
    TRY(bytes.resize(file.size));
    util::MutableBytes rest = bytes.span();
    for (std::uint32_t cluster = file.cluster; !rest.empty(); cluster = rest.empty() ? 0 : TRY(next(cluster))) {
        if (!is_cluster(cluster)) return kBadFileSystem;
        for (std::uint32_t i = 0; i < cluster_blocks_ && !rest.empty(); ++i) {
            TRY(load(block_of(cluster) + i));
            std::size_t size = std::min(rest.size(), DiskBlocks::kSize);
            std::memcpy(rest.data(), block_.all().data(), size);
            rest = rest.subspan(size);
        }
    }
    return bytes;
}

}  // namespace scripts
