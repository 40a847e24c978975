// A disk to find a file on, as the readers of partitions and file systems see it.
#pragma once

#include <cstdint>
#include <span>

#include "util/bytes.h"
#include "util/result.h"

namespace scripts {

inline constexpr util::Failure kBadFileSystem{util::code::kScript + 184, "the file system is damaged"};
inline constexpr util::Failure kUnreadableDisk{util::code::kScript + 185, "the disk cannot be read"};
inline constexpr util::Failure kFileTooLarge{util::code::kScript + 186, "the file is too large"};

// A disk that can be read by blocks.
class DiskBlocks {
  public:
    static constexpr std::size_t kSize = 512;
    // One block. False: it cannot be read.
    virtual bool read(std::uint32_t block, std::span<std::byte, kSize> target) = 0;

  protected:
    ~DiskBlocks() = default;
};

}  // namespace scripts
