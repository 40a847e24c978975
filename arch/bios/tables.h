// Finding the BIOS's tables.
#pragma once

#include <string_view>

#include "util/bytes.h"

namespace arch {

inline constexpr std::size_t kRsdpSize = 20;  // ACPI 1.0's RSDP has no length field

// The first structure on a 16-byte boundary in [from, end) that begins with the anchor and whose bytes sum to 0. Its
// length is in the byte at length_offset, or kRsdpSize for 0. Empty when there is none.
util::Bytes find_anchor(std::string_view anchor, std::uint32_t from, std::uint32_t end, std::size_t length_offset);

}  // namespace arch
