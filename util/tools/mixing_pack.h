// Packs for util/mixing.h.
#pragma once

#include <cstdint>
#include <vector>

namespace tools {

// Bytes: `code_size` bytes of 32-bit code, text and tables up to `data_end`, anything behind it. `costs` becomes what each of
// them takes in the stream, in bytes.
std::vector<std::uint8_t> mixing_pack(const std::vector<std::uint8_t>& bytes, std::uint32_t code_size, std::uint32_t data_end,
                                      std::vector<double>* costs = nullptr);

}  // namespace tools
