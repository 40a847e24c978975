// FAT file systems (Microsoft FAT32 File System Specification 1.03, ECMA-107), to read: a file of the root directory, in blocks of 512
// bytes. Nothing on the disk is believed: whatever is in its fields, only blocks of the volume are read, and each chain ends.
#pragma once

#include <optional>
#include <string_view>

#include "scripts/autoexec/disk_blocks.h"
#include "util/vector.h"

namespace scripts {

class FatVolume {
  public:
    // The volume that begins at a block of the disk, which must outlive it; nullopt when there is none.
    static std::optional<FatVolume> open(DiskBlocks& disk, std::uint32_t first);

    // As directories have names: a long one of 13 characters at most, which is one entry, and a short one of 8 and 3, filled up with blanks.
    // Either will do. Both are ASCII; upper and lower case are the same.
    struct Name {
        std::string_view in_full, short_form;
    };
    struct File {
        std::uint32_t cluster, size;
    };
    // In the root directory; nullopt: it is not there. Failure: kBadFileSystem, kUnreadableDisk.
    util::Result<std::optional<File>> find(const Name& name);
    // All of it, `largest` bytes at most. Failure: kFileTooLarge, kBadFileSystem, kUnreadableDisk, out of memory.
    util::Result<util::Vector<std::byte>> read(const File& file, std::uint32_t largest);

  private:
    explicit FatVolume(DiskBlocks& disk) : disk_(disk) {}
    // The block, counted from the volume's first, into block_.
    util::Result<void> load(std::uint32_t block);
    util::Result<std::uint8_t> fat_byte(std::uint32_t offset);
    // Failure: kBadFileSystem when the chain ends there.
    util::Result<std::uint32_t> next(std::uint32_t cluster);
    bool is_cluster(std::uint32_t cluster) const { return cluster >= kFirstCluster && cluster - kFirstCluster < clusters_; }
    std::uint32_t block_of(std::uint32_t cluster) const { return data_ + (cluster - kFirstCluster) * cluster_blocks_; }
    struct Search;
    bool look_at_block(Search& search);

    static constexpr std::uint32_t kFirstCluster = 2;
    DiskBlocks& disk_;
    std::uint32_t first_ = 0;           // on the disk; all other blocks are counted from it
    std::uint32_t fat_ = 0, fat_blocks_ = 0;
    std::uint32_t root_ = 0, root_blocks_ = 0;  // where the root directory has a place of its own
    std::uint32_t root_cluster_ = 0;            // where it has not: FAT32
    std::uint32_t data_ = 0, cluster_blocks_ = 0, clusters_ = 0;
    unsigned bits_ = 0;  // of an entry of the table: 12, 16, 32
    std::optional<std::uint32_t> loaded_;
    util::Buffer<DiskBlocks::kSize> block_;
};

}  // namespace scripts
