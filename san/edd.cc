#include "san/edd.h"

#include <algorithm>
#include <cstring>

namespace san {

namespace {

void set_path(EddParameters& parameters, const DrivePath& path, std::size_t size) {
    bool is_long = size == EddParameters::kSize4;
    parameters.key = std::uint16_t{EddParameters::kPathKey};
    parameters.path_length = static_cast<std::uint8_t>(size - EddParameters::kPathOffset);
    // There is no name for iSCSI. Its units are SCSI's, and readers look for nothing else in it.
    parameters.host_bus = {'P', 'C', 'I', ' '};
    parameters.interface = {'S', 'C', 'S', 'I', ' ', ' ', ' ', ' '};
    parameters.interface_path = {static_cast<std::uint8_t>(path.nic >> 8),
                                 static_cast<std::uint8_t>(path.nic >> 3 & 0x1f),
                                 static_cast<std::uint8_t>(path.nic & 7)};
    util::Le64 lun(path.lun);
    std::memcpy(parameters.device_path.data() + 2, &lun, is_long ? sizeof lun : 6);
}

void set_checksum(util::MutableBytes path) {
    std::uint8_t sum = 0;
    for (std::byte b : path) sum = static_cast<std::uint8_t>(sum + std::to_integer<unsigned>(b));
    path.back() = static_cast<std::byte>(-sum);
}

std::size_t size_for(std::size_t room, bool has_path) {
    if (room < EddParameters::kSize1) return 0;
    if (room < EddParameters::kSize2) return EddParameters::kSize1;
    if (room < EddParameters::kSize3 || !has_path) return EddParameters::kSize2;
    return room < EddParameters::kSize4 ? EddParameters::kSize3 : EddParameters::kSize4;
}

}  // namespace

std::size_t fill_edd_parameters(const Drive& drive, util::MutableBytes target) {
    std::size_t size = size_for(target.size(), drive.path().nic != DrivePath::kNoPciDevice);
    if (size == 0) return 0;
    const BlockGeometry& blocks = drive.block_geometry();
    const ChsGeometry& chs = drive.chs_geometry();
    EddParameters parameters{};
    parameters.size = static_cast<std::uint16_t>(size);
    parameters.flags =
        static_cast<std::uint16_t>(EddParameters::kTransparentDma | EddParameters::kVerifiedWrite |
                                   (blocks.is_cdrom ? 0 : EddParameters::kChsValid));
    // Cylinders as ATA counts them, not cut at 1024.
    constexpr std::uint32_t kMostCylinders = 16383;
    std::uint32_t cylinder = chs.blocks_per_cylinder(), cylinders = kMostCylinders;
    if (blocks.blocks < std::uint64_t{kMostCylinders} * cylinder)
        cylinders = std::max(1u, static_cast<std::uint32_t>(blocks.blocks) / cylinder);
    parameters.cylinders = cylinders;
    parameters.heads = std::uint32_t{chs.heads};
    parameters.sectors = std::uint32_t{chs.sectors};
    parameters.blocks = blocks.blocks;
    parameters.block_size = static_cast<std::uint16_t>(blocks.block_size);
    parameters.extension_offset = std::uint16_t{0xffff};
    parameters.extension_segment = std::uint16_t{0xffff};
    if (size >= EddParameters::kSize3) set_path(parameters, drive.path(), size);
    std::memcpy(target.data(), &parameters, size);
    if (size >= EddParameters::kSize3)
        set_checksum(target.subspan(EddParameters::kPathOffset, size - EddParameters::kPathOffset));
    return size;
}

}  // namespace san
