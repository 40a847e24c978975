// Images made to measure, good ones; tests spoil them.
#pragma once

#include <string>
#include <vector>

#include "tests/unit/scripts/image_fixture.h"

namespace scripts {

inline constexpr std::uint32_t kMiB = 1 << 20;

// A kernel with two setup sectors and the given protocol.
inline std::string kernel(std::uint16_t version, std::size_t size = 3 * kMiB) {
    std::string file(3 * 512, '\0');
    put(file, 0x1f1, std::uint8_t{2});
    put(file, 0x1fe, std::uint16_t{0xaa55});
    put(file, 0x202, std::uint32_t{0x53726448});
    put(file, 0x206, version);
    put(file, 0x211, std::uint8_t{1});
    put(file, 0x214, std::uint32_t{0x100000});
    if (version >= 0x203) put(file, 0x22c, std::uint32_t{0x7fffffff});
    if (version >= 0x206) put(file, 0x238, std::uint32_t{2047});
    if (version >= 0x20a) {
        put(file, 0x258, std::uint64_t{16 * kMiB});
        put(file, 0x260, std::uint32_t{40 * kMiB});
    }
    return file + std::string(size, 'K');
}

struct Segment {
    std::uint32_t address, virtual_address, size, memory;
};
// Segment i is filled with 'a' + i, behind `front` (a Multiboot header) in the first.
inline std::string elf32(std::vector<Segment> segments, std::uint32_t entry, const std::string& front = {}) {
    std::string file("\x7f" "ELF\1\1\1", 7);
    put(file, 16, std::uint16_t{2});
    put(file, 18, std::uint16_t{3});
    put(file, 24, entry);
    put(file, 28, std::uint32_t{52});
    put(file, 42, std::uint16_t{32});
    put(file, 44, static_cast<std::uint16_t>(segments.size()));
    put(file, 52 + 32 * segments.size(), std::uint32_t{0});
    file.resize((file.size() + 7) & ~std::size_t{7});
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const Segment& s = segments[i];
        std::size_t at = 52 + 32 * i;
        put(file, at, std::uint32_t{1});
        put(file, at + 4, static_cast<std::uint32_t>(file.size()));
        put(file, at + 8, s.virtual_address);
        put(file, at + 12, s.address);
        put(file, at + 16, s.size);
        put(file, at + 20, s.memory);
        std::string content = i == 0 ? front : "";
        content.resize(s.size, static_cast<char>('a' + i));
        file += content;
    }
    return file;
}
inline std::string words(std::initializer_list<std::uint32_t> list) {
    std::string text;
    for (std::uint32_t word : list) put(text, text.size(), word);
    return text;
}

}  // namespace scripts
