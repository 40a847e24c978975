// Pixels in a frame buffer, whatever their format: the screen, and behind it in video memory the background picture. The picture is kept
// there since it may be larger than our heap; it is read only where text over it changes.
#pragma once

#include <platform/graphics.h>

namespace scripts {

// 0xRRGGBB.
using Colour = std::uint32_t;

class Canvas {
  public:
    explicit Canvas(const platform::FrameBuffer& frame) : frame_(frame) {}

    std::uint32_t width() const { return frame_.width; }
    std::uint32_t height() const { return frame_.height; }

    // A pixel as it is in memory.
    std::uint32_t native(Colour colour) const;
    // Places must be on the canvas.
    void put(std::uint32_t x, std::uint32_t y, std::uint32_t native_pixel) { store(at(x, y), native_pixel); }
    // Shows the picture's pixel.
    void put_picture(std::uint32_t x, std::uint32_t y) { store(at(x, y), load(at(x, y) + screen_size())); }

    // False when there is no memory for it.
    bool has_picture_memory() const { return frame_.size / 2 >= screen_size(); }
    // Draws into the picture, and shows that.
    void draw(std::uint32_t x, std::uint32_t y, Colour colour);
    // The screen, and the picture if there is memory for one.
    void clear();

  private:
    std::size_t screen_size() const { return std::size_t{frame_.pitch} * frame_.height; }
    std::byte* at(std::uint32_t x, std::uint32_t y) const {
        return frame_.memory + std::size_t{y} * frame_.pitch + std::size_t{x} * frame_.pixel_size;
    }
    void store(std::byte* place, std::uint32_t pixel);
    std::uint32_t load(const std::byte* place) const;

    platform::FrameBuffer frame_;
};

}  // namespace scripts
