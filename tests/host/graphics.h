// The host's screen in a graphics mode: memory that tests look at. Its characters are drawn as their codes: each line of character
// c is the byte c, but for the space, which is empty.
#pragma once

#include <platform/graphics.h>

#include <vector>

namespace host {

struct Graphics {
    // What there is, and how much memory: tests change it before they start the mode.
    std::uint32_t width = 640, height = 480, pixel_size = 4;
    bool exists = true;
    unsigned screens_of_memory = 2;

    bool is_on = false;
    std::vector<std::byte> memory;

    // A shown pixel as it is in memory.
    std::uint32_t pixel(std::uint32_t x, std::uint32_t y) const;
    // Which character is drawn at a place of the grid, by its top line.
    int character(std::uint32_t column, std::uint32_t row, std::uint32_t foreground) const;
};
Graphics& graphics();

}  // namespace host
