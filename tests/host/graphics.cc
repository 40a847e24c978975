#include "tests/host/graphics.h"

#include <array>
#include <cstring>

namespace host {

Graphics& graphics() {
    static Graphics instance;
    return instance;
}

// A line is longer than its pixels, as on real cards.
static std::uint32_t pitch(const Graphics& graphics) { return graphics.width * graphics.pixel_size + 64; }

std::uint32_t Graphics::pixel(std::uint32_t x, std::uint32_t y) const {
    std::uint32_t value = 0;
    std::memcpy(&value, memory.data() + y * pitch(*this) + x * pixel_size, pixel_size);
    return value;
}

int Graphics::character(std::uint32_t column, std::uint32_t row, std::uint32_t foreground) const {
    int code = 0;
    for (unsigned x = 0; x < platform::kFontWidth; ++x)
        code = code << 1 | (pixel(column * platform::kFontWidth + x, row * platform::kFontHeight) == foreground);
    return code;
}

}  // namespace host

namespace platform {

util::Result<FrameBuffer> start_graphics(std::uint32_t width, std::uint32_t height, std::uint32_t depth) {
    host::Graphics& screen = host::graphics();
    if (!screen.exists) return kNoGraphics;
    if (width > screen.width || height > screen.height || depth > screen.pixel_size * 8) return kNoGraphicsMode;
    std::uint32_t size = host::pitch(screen) * screen.height;
    screen.memory.assign(std::size_t{size} * screen.screens_of_memory, std::byte{0x55});
    screen.is_on = true;
    FrameBuffer frame{screen.memory.data(), static_cast<std::uint32_t>(screen.memory.size()), screen.width, screen.height,
                      host::pitch(screen), screen.pixel_size, {8, 16}, {8, 8}, {8, 0}};
    if (screen.pixel_size == 2) frame.red = {5, 11}, frame.green = {6, 5}, frame.blue = {5, 0};
    return frame;
}

void end_graphics() { host::graphics().is_on = false; }

std::span<const std::uint8_t> graphics_font() {
    static const auto font = [] {
        std::array<std::uint8_t, 256 * kFontHeight> lines;
        for (unsigned i = 0; i < lines.size(); ++i) lines[i] = static_cast<std::uint8_t>(i / kFontHeight == ' ' ? 0 : i / kFontHeight);
        return lines;
    }();
    return font;
}

}  // namespace platform
