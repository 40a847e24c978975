// CDs (ISO 9660, ECMA-119), to read: a file of the root directory. Nothing on the disk is believed: whatever is in its fields, only blocks of
// the volume are read, and directories end.
#pragma once

#include <optional>
#include <string_view>

#include "scripts/autoexec/disk_blocks.h"
#include "util/vector.h"

namespace scripts {

class IsoVolume {
  public:
    // The volume on all of the disk, which must outlive it; nullopt when there is none.
    static std::optional<IsoVolume> open(DiskBlocks& disk);

    // As programs that write CDs put it there: in full, or cut to 8 and 3 characters. Either will do. Both are ASCII; upper and lower case are
    // the same.
    struct Name {
        std::string_view in_full, short_form;
    };
    struct File {
        std::uint32_t sector, size;
    };
    // In the root directory; nullopt: it is not there. Failure: kBadFileSystem, kUnreadableDisk.
    util::Result<std::optional<File>> find(const Name& name);
    // All of it, `largest` bytes at most. Failure: kFileTooLarge, kBadFileSystem, kUnreadableDisk, out of memory.
    util::Result<util::Vector<std::byte>> read(const File& file, std::uint32_t largest);

  private:
    explicit IsoVolume(DiskBlocks& disk) : disk_(disk) {}
    util::Result<void> load(std::uint32_t block);
    // Bytes of the volume from a sector on.
    util::Result<void> copy(std::uint32_t sector, std::uint32_t offset, util::MutableBytes target);

    DiskBlocks& disk_;
    std::uint32_t sectors_ = 0;
    File root_{};
    std::optional<std::uint32_t> loaded_;
    util::Buffer<DiskBlocks::kSize> block_;
};

}  // namespace scripts
