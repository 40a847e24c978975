#include "scripts/graphics/png.h"

#include <algorithm>

#include "util/crc32.h"
#include "util/inflate.h"

namespace scripts {

namespace {

constexpr std::uint32_t name_of(const char (&text)[5]) {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(text[i]);
    return value;
}
constexpr std::uint32_t kHeader = name_of("IHDR"), kPalette = name_of("PLTE"), kTransparency = name_of("tRNS"), kData = name_of("IDAT"),
                        kEnd = name_of("IEND");
constexpr std::uint64_t kSignature = 0x89504e470d0a1a0a;
// An upper-case first letter (bit 5 is clear): without understanding the chunk there is no picture.
constexpr std::uint32_t kAncillary = 1u << 29;
constexpr std::uint32_t kLargest = 32768;  // pixels a side

enum ColourType : std::uint8_t { kGrey = 0, kTrueColour = 2, kIndexed = 3, kGreyAlpha = 4, kTrueColourAlpha = 6 };

constexpr unsigned channels(std::uint8_t colour_type) {
    switch (colour_type) {
        case kTrueColour: return 3;
        case kGreyAlpha: return 2;
        case kTrueColourAlpha: return 4;
    }
    return 1;
}

// Table 11.1 of the standard.
bool is_allowed(const PngHeader& header) {
    unsigned depth = header.depth;
    switch (header.colour_type) {
        case kGrey: return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
        case kIndexed: return depth == 1 || depth == 2 || depth == 4 || depth == 8;
        case kTrueColour: case kGreyAlpha: case kTrueColourAlpha: return depth == 8 || depth == 16;
    }
    return false;
}

struct Chunk {
    std::uint32_t name = 0;
    util::Bytes data;
};

// The reader fails when it is cut off or its sum is wrong.
Chunk take_chunk(util::Reader& reader) {
    Chunk chunk;
    std::uint32_t size = reader.be32();
    util::Bytes rest = reader.rest();
    chunk.name = reader.be32();
    chunk.data = reader.bytes(size);
    std::uint32_t sum = reader.be32();
    if (reader.ok() && sum != util::crc32(0, rest.first(4 + std::size_t{size}))) reader.fail();
    return chunk;
}

// One of the seven reduced pictures of an interlaced one (section 8.2), or the whole.
struct Pass {
    std::uint8_t x, y, x_step, y_step;
};
constexpr Pass kWhole[] = {{0, 0, 1, 1}};
constexpr Pass kInterlaced[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};

std::span<const Pass> passes(const PngHeader& header) {
    return header.interlace ? std::span<const Pass>(kInterlaced) : std::span<const Pass>(kWhole);
}
std::uint32_t count(std::uint32_t size, unsigned first, unsigned step) { return size <= first ? 0 : (size - first + step - 1) / step; }

unsigned pixel_bits(const PngHeader& header) { return channels(header.colour_type) * header.depth; }
std::uint32_t line_size(const PngHeader& header, std::uint32_t width) {
    return static_cast<std::uint32_t>((std::uint64_t{width} * pixel_bits(header) + 7) / 8);
}

// With the filters' types in front of the lines.
std::uint64_t unpacked_size(const PngHeader& header) {
    std::uint64_t size = 0;
    for (const Pass& pass : passes(header))
        if (std::uint32_t width = count(header.width, pass.x, pass.x_step))
            size += std::uint64_t{1 + line_size(header, width)} * count(header.height, pass.y, pass.y_step);
    return size;
}

// Calls line(pass, y, width, filter, bytes) for each, in their order. `data` has the unpacked size.
template <class Line>
void each_line(const PngHeader& header, util::MutableBytes data, Line line) {
    for (const Pass& pass : passes(header)) {
        std::uint32_t width = count(header.width, pass.x, pass.x_step), size = line_size(header, width);
        for (std::uint32_t y = pass.y; width && y < header.height; y += pass.y_step) {
            line(pass, y, width, std::to_integer<std::uint8_t>(data[0]), data.subspan(1, size));
            data = data.subspan(1 + std::size_t{size});
        }
    }
}

constexpr std::uint8_t kLastFilter = 4;

class Decoder {
  public:
    Decoder(const UnpackedPng& picture, PixelSink& sink)
        : header_(picture.header), palette_(picture.palette), transparency_(picture.transparency), sink_(sink), bits_(pixel_bits(header_)) {}

    void draw(util::MutableBytes lines) const {
        util::MutableBytes above;
        each_line(header_, lines, [&](const Pass& pass, std::uint32_t y, std::uint32_t width, std::uint8_t filter, util::MutableBytes line) {
            if (y == pass.y) above = {};
            unfilter(filter, line, above);
            for (std::uint32_t i = 0; i < width; ++i) sink_.pixel(pass.x + i * pass.x_step, y, colour(line, i));
            above = line;
        });
    }

  private:
    // Section 9. `above` is empty over the first line.
    void unfilter(std::uint8_t filter, util::MutableBytes line, util::Bytes above) const {
        std::size_t distance = std::max(bits_ / 8, 1u);
        for (std::size_t i = 0; i < line.size(); ++i) {
            int a = i < distance ? 0 : std::to_integer<int>(line[i - distance]);
            int b = above.empty() ? 0 : std::to_integer<int>(above[i]);
            int c = above.empty() || i < distance ? 0 : std::to_integer<int>(above[i - distance]);
            int predicted = 0;
            switch (filter) {
                case 0: return;
                case 1: predicted = a; break;
                case 2: predicted = b; break;
                case 3: predicted = (a + b) / 2; break;
                case kLastFilter: predicted = paeth(a, b, c); break;
            }
            line[i] = std::byte(std::to_integer<int>(line[i]) + predicted);
        }
    }
    static int paeth(int a, int b, int c) {
        auto distance = [](int value) { return value < 0 ? -value : value; };
        int pa = distance(b - c), pb = distance(a - c), pc = distance(a + b - 2 * c);
        return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }

    // A pixel's n-th value as it is in the file.
    unsigned sample(util::Bytes line, std::uint32_t i, unsigned n) const {
        unsigned depth = header_.depth;
        std::size_t at = std::size_t{i} * channels(header_.colour_type) + n;
        if (depth == 16) return std::to_integer<unsigned>(line[2 * at]) << 8 | std::to_integer<unsigned>(line[2 * at + 1]);
        if (depth == 8) return std::to_integer<unsigned>(line[at]);
        std::size_t bit = at * depth;
        return std::to_integer<unsigned>(line[bit / 8]) >> (8 - depth - bit % 8) & ((1u << depth) - 1);
    }
    // Made 8 bits.
    unsigned scaled(unsigned value) const {
        return header_.depth == 16 ? value >> 8 : value * 255 / ((1u << header_.depth) - 1);
    }
    static std::uint32_t over_black(unsigned red, unsigned green, unsigned blue, unsigned alpha) {
        auto part = [alpha](unsigned value) { return (value * alpha + 127) / 255; };
        return part(red) << 16 | part(green) << 8 | part(blue);
    }
    // tRNS of pictures without alpha names one colour that is not there.
    bool is_transparent(const unsigned* values, unsigned size) const {
        if (transparency_.size() < 2 * size) return false;
        util::Reader reader(transparency_);
        bool same = true;
        for (unsigned n = 0; n < size; ++n) same &= reader.be16() == values[n];
        return same;
    }
    std::uint32_t colour(util::Bytes line, std::uint32_t i) const {
        unsigned size = channels(header_.colour_type), v[4] = {};
        for (unsigned n = 0; n < size; ++n) v[n] = sample(line, i, n);
        if (header_.colour_type == kIndexed) return palette_colour(v[0]);
        if (size % 2 && is_transparent(v, size)) return 0;
        unsigned alpha = size % 2 ? 255 : scaled(v[size - 1]);
        if (size < 3) return over_black(scaled(v[0]), scaled(v[0]), scaled(v[0]), alpha);
        return over_black(scaled(v[0]), scaled(v[1]), scaled(v[2]), alpha);
    }
    // Black for an index that the palette does not have.
    std::uint32_t palette_colour(unsigned index) const {
        if (palette_.size() / 3 <= index) return 0;
        auto part = [&](unsigned n) { return std::to_integer<unsigned>(palette_[index * 3 + n]); };
        unsigned alpha = index < transparency_.size() ? std::to_integer<unsigned>(transparency_[index]) : 255;
        return over_black(part(0), part(1), part(2), alpha);
    }

    const PngHeader& header_;
    util::Bytes palette_, transparency_;
    PixelSink& sink_;
    unsigned bits_;  // a pixel
};

// Where in `scratch` the packed data, joined, ends; puts what goes with it into the picture.
util::Result<std::size_t> collect(util::Reader& reader, util::MutableBytes scratch, UnpackedPng& picture) {
    util::Writer packed(scratch);
    for (;;) {
        Chunk chunk = take_chunk(reader);
        if (!reader.ok()) return kBadPicture;
        switch (chunk.name) {
            case kEnd: return packed.size();
            case kPalette: picture.palette = chunk.data; break;
            case kTransparency: picture.transparency = chunk.data; break;
            case kData:
                packed.bytes(chunk.data);
                if (!packed.ok()) return kBigPicture;
                break;
            default:
                if (!(chunk.name & kAncillary)) return kBadPicture;
        }
    }
}

// After the signature.
util::Result<PngHeader> take_header(util::Reader& reader) {
    if (reader.be64() != kSignature) return kNoPicture;
    Chunk chunk = take_chunk(reader);
    util::Reader fields(chunk.data);
    PngHeader header{fields.be32(), fields.be32(), fields.u8(), fields.u8()};
    bool known_methods = fields.be16() == 0;  // of packing and filtering
    header.interlace = fields.u8();
    bool fine = reader.ok() && chunk.name == kHeader && fields.ok() && known_methods && header.interlace <= 1 && is_allowed(header);
    if (!fine || !header.width || !header.height || header.width > kLargest || header.height > kLargest) return kBadPicture;
    return header;
}

}  // namespace

util::Result<UnpackedPng> unpack_png(util::Bytes file, util::MutableBytes scratch) {
    util::Reader reader(file);
    UnpackedPng picture;
    picture.header = TRY(take_header(reader));
    std::size_t packed_size = TRY(collect(reader, scratch, picture));
    std::uint64_t size = unpacked_size(picture.header);
    if (size > scratch.size() - packed_size) return kBigPicture;
    // zlib's header (RFC 1950): two bytes. Its sum over the pixels tells nothing that the chunks' sums do not.
    constexpr std::size_t kZlibHeader = 2;
    if (packed_size < kZlibHeader) return kBadPicture;
    picture.lines = scratch.subspan(packed_size, static_cast<std::size_t>(size));
    auto done = util::inflate(scratch.subspan(kZlibHeader, packed_size - kZlibHeader), picture.lines);
    if (!done.ok() || done.value().produced < size) return kBadPicture;
    bool known_filters = true;
    each_line(picture.header, picture.lines, [&](const Pass&, std::uint32_t, std::uint32_t, std::uint8_t filter, util::MutableBytes) {
        known_filters &= filter <= kLastFilter;
    });
    if (!known_filters) return kBadPicture;
    return picture;
}

void draw_png(const UnpackedPng& picture, PixelSink& sink) { Decoder(picture, sink).draw(picture.lines); }

}  // namespace scripts
