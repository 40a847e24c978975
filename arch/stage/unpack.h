// What a packer's file (unpack_lzma.cc, unpack_mixing.cc) gives the loader stage that is linked with it.
#pragma once

#include "arch/stage/packed.h"
#include "util/lzma.h"
#include "util/mixing_model.h"

namespace arch {

// Free memory just below the image that unpacking takes. The prefixes know these numbers from layout.inc.
constexpr std::uint32_t in_pages(std::uint32_t size) { return (size + 4095) & ~4095u; }
inline constexpr std::uint32_t kLzmaMemory = in_pages(sizeof(util::LzmaWorkspace));
inline constexpr std::uint32_t kStageRoom = 8192;  // of the stage itself, if it was packed (opening.cc): last in that memory
inline constexpr std::uint32_t kMixingMemory = in_pages(sizeof(util::MixingModel)) + kStageRoom;

// Unpacks the stream of unpacked_size bytes to `image`, which is then fit to run there. False when it is damaged.
bool unpack(const PackedHeader& header, std::uint8_t* image);

inline const std::uint8_t* stream_of(const PackedHeader& header) {
    return reinterpret_cast<const std::uint8_t*>(&header) + header.stream_offset;
}

}  // namespace arch
