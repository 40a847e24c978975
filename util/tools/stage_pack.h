// Packs the loader stage for arch/stage/opening.asm.
#pragma once

#include <cstdint>
#include <vector>

namespace tools {

// The size of `stage`, in 16 bits, and arithmetic code.
std::vector<std::uint8_t> stage_pack(const std::vector<std::uint8_t>& stage);

}  // namespace tools
