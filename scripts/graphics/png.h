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

// What a picture begins with. Failure: kNoPicture, kBadPicture for values that the standard does not have.
util::Result<PngHeader> read_png_header(util::Bytes file);

class PixelSink {
  public:
    virtual ~PixelSink() = default;
    // 0xRRGGBB, laid over black where it is transparent. Each pixel once, line by line; of interlaced pictures in their order.
    virtual void pixel(std::uint32_t x, std::uint32_t y, std::uint32_t colour) = 0;
};

// Unpacks it, with `scratch` for the packed and the unpacked data at once. Failure: those above; pixels before the damage have been
// given out.
util::Result<void> read_png(util::Bytes file, util::MutableBytes scratch, PixelSink& sink);

}  // namespace scripts
