// Numbers between dots, as the names of many settings are: "1.4.0", "0x18.0.2".
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace scripts {

// How many decimal or 0x numbers of 32 bits there are; 0 when the text is something else, or they are more than there is room for.
std::size_t parse_numbers(std::string_view text, std::span<std::uint32_t> numbers);

}  // namespace scripts
