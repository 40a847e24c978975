// Structures of the extended INT 13h functions, as callers have them in memory: BIOS Enhanced Disk Drive
// Services - 4 (T13/1572D revision 3) sections 8.6 and 8.22, and El Torito 1.0 figure 7. EDD 1.1 and 3.0 are
// shorter forms of the same.
#pragma once

#include <array>

#include "san/drive.h"

namespace san {

// Disk address packet of AH=42h to 44h and 47h.
struct EddPacket {
    std::uint8_t size;
    std::uint8_t reserved;
    util::Le16 count;  // EDD: one byte; a word with everybody else. FFh: see long_count
    util::Le16 offset, segment;
    util::Le64 lba;
    // Only when size says so.
    util::Le64 flat_address;  // instead of FFFF:FFFF
    util::Le32 long_count;
    util::Le32 reserved_28;

    static constexpr std::size_t kShortest = 16, kWithFlatAddress = 24, kWithLongCount = 28;
    static constexpr std::uint16_t kCountIsLong = 0xff;
    static constexpr std::uint16_t kAddressIsFlat = 0xffff;  // segment and offset
};
static_assert(sizeof(EddPacket) == 32);

// Result buffer of AH=48h.
struct EddParameters {
    util::Le16 size;
    util::Le16 flags;
    util::Le32 cylinders, heads, sectors;
    util::Le64 blocks;
    util::Le16 block_size;
    util::Le16 extension_offset, extension_segment;  // FFFF:FFFF: no device parameter table extension
    // Device path.
    util::Le16 key;
    std::uint8_t path_length;
    std::array<std::uint8_t, 3> reserved_33;
    std::array<char, 4> host_bus;
    std::array<char, 8> interface;
    std::array<std::uint8_t, 8> interface_path;  // PCI: bus, device, function, channel
    std::array<std::uint8_t, 16> device_path;  // SCSI: unit (16 bits), LUN (64 bits); 8 bytes long in EDD 3.0
    std::uint8_t reserved_72;
    std::uint8_t checksum;  // the device path adds up to 0

    // The lengths that the versions have given it, and what the path's length is then.
    static constexpr std::size_t kSize1 = 26, kSize2 = 30, kSize3 = 66, kSize4 = 74;
    static constexpr std::size_t kPathOffset = kSize2;
    static constexpr std::uint16_t kPathKey = 0xbedd;
    static constexpr std::uint16_t kTransparentDma = 1 << 0;  // no 64 KiB boundary to look after
    static constexpr std::uint16_t kChsValid = 1 << 1;
    static constexpr std::uint16_t kVerifiedWrite = 1 << 3;
};
static_assert(sizeof(EddParameters) == EddParameters::kSize4);

// Fills in what fits in `room` bytes. The size used (one of the above), 0 when there is too little.
std::size_t fill_edd_parameters(const Drive& drive, util::MutableBytes target);

// El Torito specification packet of AH=4Bh.
struct EmulationPacket {
    std::uint8_t size;
    std::uint8_t media;  // 0: no emulation
    std::uint8_t drive;
    std::uint8_t controller;
    util::Le32 image_lba;
    util::Le16 device;
    util::Le16 cache_segment, load_segment, load_count;
    std::uint8_t cylinder, sector, head;
};
static_assert(sizeof(EmulationPacket) == 0x13);

}  // namespace san
