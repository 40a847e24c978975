// Unpacking what MixingModel packed, for formats where size counts.
#include "arch/stage/unpack.h"
#include "util/mixing.h"
#include "util/x86_branches.h"

namespace arch {

bool unpack(const PackedHeader& header, std::uint8_t* image) {
    std::uint8_t* memory = image - kMixingMemory;
    auto* to = memory;
    std::uint32_t words = sizeof(util::MixingModel) / 4;
    asm volatile("rep stosl" : "+D"(to), "+c"(words) : "a"(0) : "memory");
    util::MixingInput input{stream_of(header), header.stream_size, header.code_size, header.image_size};
    auto& model = *reinterpret_cast<util::MixingModel*>(memory);
    if (!util::mixing_unpack(input, image, header.unpacked_size, model)) return false;
    std::span<const std::uint32_t> functions;
    if (header.filtered) functions = util::x86_branches_decode(image, header.code_size, reinterpret_cast<std::uint32_t*>(memory));
    util::addresses_decode(addresses_of(image, header, functions), reinterpret_cast<std::uint32_t>(image));
    return true;
}

}  // namespace arch
