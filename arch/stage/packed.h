// The packed image: what every prefix carries, and what the loader stage unpacks.
//
//     PackedHeader | stage (position-independent 32-bit code) | stream
//
// In small images the stage is packed as well, behind what unpacks it (opening.asm).
// The stage knows one packer only, the one that made the stream (unpack.h). The stream unpacks to: 32-bit image | real-mode segment.
// The image ends with what may be replaced in a built one: script size (32 bits) | script | label: version, a space, <what>+<features>, and a
// zero. So zeroed variables are in the image, too. Made by util/tools/pack_image.cc, changed by util/tools/sanpiper_image.cc.
#pragma once

#include <cstdint>

#include "util/addresses.h"

namespace arch {

inline constexpr std::uint32_t kPackedMagic = 0x52504e53;  // "SNPR"

enum class Packer : std::uint8_t {
    Lzma,    // quick
    Mixing,  // small (util/mixing.h)
};

struct PackedHeader {
    std::uint32_t magic;
    std::uint32_t size;             // whole packed image, bytes, a multiple of 16: prefixes look it up here
    std::uint32_t checksum;         // makes the 32-bit words sum to 0
    std::uint32_t stream_offset;    // of the stream, from here
    std::uint32_t stream_size;
    std::uint32_t unpacked_size;    // of the stream
    std::uint32_t image_size;
    std::uint32_t script_offset;    // in the image; what is in front of it is relocated
    std::uint32_t image_entry;      // offset of image_main() in the image
    std::uint32_t packed_address;   // as util/addresses.h has it
    std::uint32_t resident_size;    // bytes of real-mode segment
    std::uint32_t code_size;        // how much of the image is code; string literals come behind it
    std::uint32_t strings_end;      // and where they end
    Packer packer;
    std::uint8_t filtered;          // Mixing: 1 when util/x86_branches.h was applied
    std::uint8_t lzma_properties;   // Lzma: (pb * 5 + lp) * 9 + lc
    std::uint8_t reserved;
};
static_assert(sizeof(PackedHeader) == 56);

// What prefixes make room for in memory: a packed image may become as large when its script is replaced.
inline constexpr std::uint32_t kPackedRoom = 512 * 1024;

// Where a prefix wants things: its argument to the stage.
struct Placement {
    std::uint32_t packed;         // linear address of the PackedHeader
    std::uint32_t resident;       // linear address for the resident block: a paragraph in base memory
    std::uint32_t memory_base;    // free extended memory, [memory_base, memory_end)
    std::uint32_t memory_end;
    std::uint32_t handover;       // as Resident::handover
    std::uint16_t boot_device;    // as Resident::boot_device
    std::uint8_t origin;          // as Resident::origin
    std::uint8_t base_memory_kib; // as Resident::base_memory_kib
    std::uint8_t extra_kib;       // as Resident::extra_kib
    std::uint8_t reserved[3];
};

// What the stream unpacks to. `functions`: as util/x86_branches.h leaves them.
inline util::AddressImage addresses_of(std::uint8_t* image, const PackedHeader& header, std::span<const std::uint32_t> functions) {
    return {image, header.script_offset, header.packed_address, header.code_size, header.strings_end, functions};
}

// As in image.ld; what the map file shows.
inline constexpr std::uint32_t kLinkAddress = 0x00100000;

// Room for the 32-bit stack behind the image.
inline constexpr std::uint32_t kStack32Size = 64 * 1024;

}  // namespace arch
