// PNG pictures. The checksums are made right, as a fuzzer cannot: everything behind them is looked at.
#include <cstdint>
#include <cstring>
#include <vector>

#include "scripts/graphics/png.h"
#include "tests/unit/scripts/png_maker.h"
#include "util/assert.h"
#include "util/crc32.h"
#include "util/inflate.h"

namespace {

struct Counter final : scripts::PixelSink {
    explicit Counter(const scripts::PngHeader& header) : header(header) {}
    void pixel(std::uint32_t x, std::uint32_t y, std::uint32_t colour) override {
        ASSERT(x < header.width && y < header.height && colour < 1u << 24);
        ++count;
    }
    const scripts::PngHeader& header;
    std::uint64_t count = 0;
};

void mend_sums(std::vector<std::byte>& file) {
    for (std::size_t at = 8; file.size() - at >= 12;) {
        std::size_t size = util::Reader(util::Bytes(file).subspan(at)).be32();
        if (size > file.size() - at - 12) return;
        util::Be32 sum(util::crc32(0, util::Bytes(file).subspan(at + 4, size + 4)));
        std::memcpy(file.data() + at + 8 + size, &sum, 4);
        at += 12 + size;
    }
}

// Of every depth and kind, with lines and a palette made of the input: what a fuzzer would not find by itself.
std::vector<std::byte> well_formed(std::string_view input) {
    auto take = [&input] {
        std::uint8_t value = input.empty() ? 0 : static_cast<std::uint8_t>(input[0]);
        input.remove_prefix(input.empty() ? 0 : 1);
        return value;
    };
    int depth = 1 << take() % 5, colour_type = take() % 7;
    bool interlaced = take() & 1;
    std::uint32_t width = take(), height = take();
    std::string extra, rest(input);
    if (std::size_t size = take()) extra = scripts::png_chunk("PLTE", rest.substr(0, size)) + scripts::png_chunk("tRNS", rest.substr(0, take()));
    std::string file = scripts::make_png(width, height, depth, colour_type, rest, extra, interlaced);
    util::Bytes bytes = util::as_bytes(file);
    return {bytes.begin(), bytes.end()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input(reinterpret_cast<const char*>(data), size);
    std::vector<std::byte> file;
    if (size && data[0] & 1) {
        file = well_formed(input.substr(1));
    } else {
        util::Bytes bytes = util::as_bytes(input);
        file = {bytes.begin(), bytes.end()};
        if (size >= 8) mend_sums(file);
    }
    std::vector<std::byte> scratch(1 << 18);
    auto picture = scripts::unpack_png(file, scratch);
    if (!picture.ok()) return 0;
    const scripts::PngHeader& header = picture.value().header;
    Counter counter(header);
    scripts::draw_png(picture.value(), counter);
    ASSERT(counter.count == std::uint64_t{header.width} * header.height);
    return 0;
}
