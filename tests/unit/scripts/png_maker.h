// PNG files for tests, packed by deflate's stored blocks.
#pragma once

#include <string>

#include "util/crc32.h"
#include "util/inflate.h"

namespace scripts {

inline std::string be32(std::uint32_t value) {
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8), static_cast<char>(value)};
}

inline std::string png_chunk(const std::string& name, const std::string& data) {
    std::string body = name + data;
    return be32(static_cast<std::uint32_t>(data.size())) + body + be32(util::crc32(0, util::as_bytes(body)));
}

inline std::string stored(const std::string& data) {
    std::string packed = "\x78\x01";
    for (std::size_t at = 0; at == 0 || at < data.size(); at += 65535) {
        std::string piece = data.substr(at, 65535);
        auto size = static_cast<std::uint16_t>(piece.size());
        packed += at + 65535 < data.size() ? '\0' : '\1';
        for (unsigned word : {unsigned{size}, ~unsigned{size}}) packed += {static_cast<char>(word), static_cast<char>(word >> 8)};
        packed += piece;
    }
    return packed;
}

// `lines` with each line's filter type in front; `extra` are chunks between header and data.
inline std::string make_png(std::uint32_t width, std::uint32_t height, int depth, int colour_type, const std::string& lines,
                            const std::string& extra = "", bool interlaced = false) {
    std::string header = be32(width) + be32(height) + static_cast<char>(depth) + static_cast<char>(colour_type) + std::string(2, '\0') +
                         static_cast<char>(interlaced);
    std::string data = stored(lines);
    std::size_t half = data.size() / 2;  // files are cut into several chunks at any place
    return "\x89PNG\r\n\x1a\n" + png_chunk("IHDR", header) + extra + png_chunk("IDAT", data.substr(0, half)) +
           png_chunk("IDAT", data.substr(half)) + png_chunk("IEND", "");
}

}  // namespace scripts
