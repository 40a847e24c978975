#include "scripts/autoexec/partitions.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace scripts {

namespace {

using util::Le16, util::Le32, util::Le64;
using Found = util::Vector<std::uint32_t>;

struct TableEntry {
    std::array<std::uint8_t, 4> active_and_begin;
    std::uint8_t type;
    std::array<std::uint8_t, 3> end;
    Le32 first, blocks;
    bool is_extended() const { return type == 0x05 || type == 0x0f || type == 0x85; }
    bool is_guid_table() const { return type == 0xee; }
};

// The first block of a disk, and of each logical partition.
struct TableBlock {
    std::array<std::uint8_t, 446> code;
    std::array<TableEntry, 4> entries;
    Le16 signature;
    static constexpr std::uint16_t kSignature = 0xaa55;
};
static_assert(sizeof(TableBlock) == DiskBlocks::kSize);

struct GuidHeader {
    std::array<char, 8> signature;
    std::array<std::uint8_t, 64> other;
    Le64 entries_block;
    Le32 entries, entry_size;
};
static_assert(offsetof(GuidHeader, entries) == 80);

struct GuidEntry {
    std::array<std::uint8_t, 16> type, own;
    Le64 first, last;
    bool is_used() const { return std::ranges::any_of(type, [](std::uint8_t byte) { return byte != 0; }); }
};
static_assert(offsetof(GuidEntry, first) == 32);

class Block {
  public:
    explicit Block(DiskBlocks& disk) : disk_(disk) {}
    template <class T>
    const T* read(std::uint32_t number) {
        return disk_.read(number, bytes_.all().first<DiskBlocks::kSize>()) ? util::view_as<T>(bytes_.all()) : nullptr;
    }
    // Nothing but a table has its signature.
    const TableBlock* read_table(std::uint32_t number) {
        const auto* table = read<TableBlock>(number);
        return table && table->signature == TableBlock::kSignature ? table : nullptr;
    }
    util::Bytes bytes() { return bytes_.all(); }

  private:
    DiskBlocks& disk_;
    util::Buffer<DiskBlocks::kSize> bytes_;
};

// `base`: the extended partition's first block, from which the places of its tables are counted.
util::Result<void> add_logical(Block& block, std::uint32_t base, Found& found) {
    constexpr unsigned kMost = 64;
    std::uint32_t at = base;
    for (unsigned i = 0; i < kMost; ++i) {
        const TableBlock* table = block.read_table(at);
        if (!table) break;
        const auto& [own, next, c, d] = table->entries;
        if (own.first && !own.is_extended()) TRY(found.push(at + own.first));
        if (!next.first || !next.is_extended()) break;
        at = base + next.first;
    }
    return {};
}

util::Result<void> add_of_guid_table(Block& block, Found& found) {
    constexpr std::uint32_t kHeader = 1, kMost = 128;
    const auto* header = block.read<GuidHeader>(kHeader);
    if (!header || std::string_view(header->signature.data(), header->signature.size()) != "EFI PART") return {};
    std::uint64_t table = header->entries_block;
    std::uint32_t size = header->entry_size, entries = std::min<std::uint32_t>(header->entries, kMost);
    if (table > UINT32_MAX - kMost || (size != 128 && size != 256 && size != DiskBlocks::kSize)) return {};
    auto first = static_cast<std::uint32_t>(table);
    for (std::uint32_t i = 0; i < entries; ++i) {
        std::uint32_t offset = i * size;
        if (offset % DiskBlocks::kSize == 0 && !block.read<GuidEntry>(first + offset / DiskBlocks::kSize)) break;
        const auto& entry = *util::view_as<GuidEntry>(block.bytes().subspan(offset % DiskBlocks::kSize));
        // What begins behind 2 TiB is out of reach.
        if (entry.is_used() && entry.first && entry.first <= UINT32_MAX) TRY(found.push(static_cast<std::uint32_t>(entry.first)));
    }
    return {};
}

}  // namespace

util::Result<Found> find_partitions(DiskBlocks& disk) {
    Found found;
    Block block(disk);
    const TableBlock* record = block.read_table(0);
    if (!record) return found;
    const std::array<TableEntry, 4> entries = record->entries;  // the block is read over
    for (const TableEntry& entry : entries)
        if (entry.first && !entry.is_extended() && !entry.is_guid_table()) TRY(found.push(entry.first));
    for (const TableEntry& entry : entries)
        if (entry.first && entry.is_extended()) TRY(add_logical(block, entry.first, found));
    if (std::ranges::any_of(entries, [](const TableEntry& entry) { return entry.is_guid_table(); })) TRY(add_of_guid_table(block, found));
    return found;
}

}  // namespace scripts
