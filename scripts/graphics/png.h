// PNG pictures (ISO/IEC 15948, RFC 2083): every colour type and depth, interlaced or not, transparency. Own code over
// our inflate, as libpng wants a C library.
#pragma once

#include <optional>

#include "util/bytes.h"
#include "util/result.h"

namespace scripts {

inline constexpr util::Failure kNoPicture{util::code::kScript + 140, "it is no PNG picture"};
inline constexpr util::Failure kBadPicture{util::code::kScript + 141, "the picture is damaged or cut off"};
inline constexpr util::Failure kBigPicture{util::code::kScript + 142, "not enough memory to unpack the picture"};

struct PngHeader {
    std::uint32_t width = 0, height = 0;
    std::uint8_t depth = 0, colour_type = 0, interlace = 0;
};

// A picture whose data are unpacked and complete; what it is made of lies in the file and behind it in memory.
struct UnpackedPng {
    PngHeader header;
    util::Bytes palette, transparency;  // chunks PLTE and tRNS
    util::MutableBytes lines;           // each with its filter's type in front
};
// With `scratch` for the packed and the unpacked data at once. Failure: those above. What has been unpacked can be drawn.
util::Result<UnpackedPng> unpack_png(util::Bytes file, util::MutableBytes scratch);

class PixelSink {
  public:
    virtual ~PixelSink() = default;
    // 0xRRGGBB, laid over black where it is transparent. Each pixel once, line by line; of interlaced pictures in their order.
    virtual void pixel(std::uint32_t x, std::uint32_t y, std::uint32_t colour) = 0;
};

// Gives all pixels out, once: the lines are used up.
void draw_png(const UnpackedPng& picture, PixelSink& sink);

}  // namespace scripts
