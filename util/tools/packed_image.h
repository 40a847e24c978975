// The packed image (arch/stage/packed.h) on the host: taken apart, and put together again.
#pragma once

#include <span>
#include <string_view>

#include "arch/stage/packed.h"
#include "util/tools/elf_image.h"

namespace tools {

using Bytes = std::vector<std::uint8_t>;

struct PackedImage {
    arch::PackedHeader header{};
    Bytes stage;
    Bytes plain;  // what the stream unpacks to: image, with addresses as util/addresses.h has them, and resident part
};

// Sets the packed image's sizes and its sum. LZMA is tried with many parameters, unless the header has some from a former packing. Ends the program when it is too large or does not unpack to what was packed.
Bytes pack(PackedImage& image);
// What unpacks is what was packed, or the program ends. `packed` has a right sum.
PackedImage unpack(std::span<const std::uint8_t> packed);
// What each byte of `plain` takes in the stream, in bytes. Ends the program when it was not packed with mixing.
std::vector<double> packed_costs(PackedImage image);
// The header of a packed image at the beginning of `file`; null when there is none, or its sum is wrong.
bool is_packed_image(std::span<const std::uint8_t> file);

struct PackerName {
    const char* name;
    arch::Packer packer;
};
inline constexpr PackerName kPackers[] = {{"lzma", arch::Packer::Lzma}, {"mixing", arch::Packer::Mixing}};

}  // namespace tools
