#include "scripts/graphics/canvas.h"

#include <cstring>

namespace scripts {

static std::uint32_t field(std::uint32_t value, platform::FrameBuffer::Field format) {
    return format.size < 8 ? value >> (8 - format.size) << format.position : value << format.position;
}

std::uint32_t Canvas::native(Colour colour) const {
    return field(colour >> 16 & 255, frame_.red) | field(colour >> 8 & 255, frame_.green) | field(colour & 255, frame_.blue);
}

// Whole words where it can be: video memory is slow.
void Canvas::store(std::byte* place, std::uint32_t pixel) {
    if (frame_.pixel_size == 4) std::memcpy(place, &pixel, 4);
    else std::memcpy(place, &pixel, frame_.pixel_size);
}

std::uint32_t Canvas::load(const std::byte* place) const {
    std::uint32_t pixel = 0;
    if (frame_.pixel_size == 4) std::memcpy(&pixel, place, 4);
    else std::memcpy(&pixel, place, frame_.pixel_size);
    return pixel;
}

void Canvas::draw(std::uint32_t x, std::uint32_t y, Colour colour) {
    std::uint32_t pixel = native(colour);
    store(at(x, y), pixel);
    store(at(x, y) + screen_size(), pixel);
}

void Canvas::clear() { std::memset(frame_.memory, 0, screen_size() * (has_picture_memory() ? 2 : 1)); }

}  // namespace scripts
