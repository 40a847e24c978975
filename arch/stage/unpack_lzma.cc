// Unpacking LZMA, for formats where time counts more than size.
#include "arch/stage/unpack.h"
#include "util/x86_filter.h"

namespace arch {

bool unpack(const PackedHeader& header, std::uint8_t* image) {
    auto* workspace = reinterpret_cast<util::LzmaWorkspace*>(image - kLzmaMemory);
    util::LzmaInput input{stream_of(header), header.stream_size, header.lzma_properties};
    if (!util::lzma_unpack(input, image, header.unpacked_size, *workspace)) return false;
    util::x86_filter_decode(image, header.image_size);
    util::addresses_decode(addresses_of(image, header, {}), reinterpret_cast<std::uint32_t>(image));
    return true;
}

}  // namespace arch
