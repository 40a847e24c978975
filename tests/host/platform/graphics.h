// <platform/graphics.h>: a graphics mode of the screen, with its memory. Host side; the firmware's twin is under arch/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "util/result.h"

namespace platform {

inline constexpr util::Failure kNoGraphics{util::code::kPlatform + 4, "the video BIOS has no VESA graphics"};
inline constexpr util::Failure kNoGraphicsMode{util::code::kPlatform + 5, "no graphics mode is large enough"};

// Direct colour in a linear frame buffer.
struct FrameBuffer {
    struct Field {
        std::uint8_t size, position;  // bits
    };
    std::byte* memory;         // the first line's first pixel
    std::uint32_t size;        // bytes of video memory from there, shown and not
    std::uint32_t width, height;
    std::uint32_t pitch;       // bytes from one line to the next
    std::uint32_t pixel_size;  // bytes: 2 to 4, the lowest byte first
    Field red, green, blue;
};

// Switches to the smallest mode that has at least that many pixels and bits a pixel. Failure: those above; the screen is as it was.
util::Result<FrameBuffer> start_graphics(std::uint32_t width, std::uint32_t height, std::uint32_t depth);
// Back to 80 by 25 characters, empty.
void end_graphics();

// The video BIOS's characters, 8 by 16 pixels: 16 bytes each, a line a byte, the leftmost pixel in bit 7.
inline constexpr unsigned kFontWidth = 8, kFontHeight = 16;
std::span<const std::uint8_t> graphics_font();

}  // namespace platform
