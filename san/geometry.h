// Cylinders, heads and sectors of a disk that has none: whatever the partition table was written with, so
// that boot sectors which read by CHS find their blocks; else the usual 255 heads and 63 sectors.
#pragma once

#include <cstdint>
#include <optional>

#include "util/bytes.h"

namespace san {

// Position on a disk; sectors count from 1.
struct Chs {
    std::uint16_t cylinder = 0;
    std::uint8_t head = 0;
    std::uint8_t sector = 1;
};

struct ChsGeometry {
    static constexpr std::uint16_t kMaxCylinders = 1024;

    std::uint16_t cylinders = 1;  // 1 to 1024, however large the disk is
    std::uint16_t heads = 255;    // 1 to 255
    std::uint8_t sectors = 63;    // per track, 1 to 63

    std::uint32_t blocks_per_cylinder() const { return std::uint32_t{heads} * sectors; }
    // nullopt when the geometry has no such position.
    std::optional<std::uint32_t> lba(const Chs& chs) const;
};

// Of a diskette image of that size; of none that is known: of 1440 KiB.
ChsGeometry diskette_geometry(std::uint64_t blocks);

// From LBA 0 of a disk of that many blocks. Less than 512 bytes, or no partition table: the default.
ChsGeometry guess_geometry(util::Bytes first_sector, std::uint64_t blocks);

}  // namespace san
