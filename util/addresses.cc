#include "util/addresses.h"

namespace util {
namespace {

// Addresses of what is not quite in the image, such as &table[-1], reach no further.
constexpr std::uint32_t kReach = 4096;
// Those far in front of it stand for the next string, one of the next functions, and how far behind the last object the next is.
constexpr std::uint32_t kFront = 0u - kReach, kString = 0, kFunction = 1, kObject = 16;

// Calls found(place, offset) for each address, and goes on behind it.
template <class Found>
[[gnu::always_inline]] inline void each_address(const AddressImage& image, Found found) {
    for (std::uint32_t at = 0; at + 4 <= image.size; ++at) {
        std::uint32_t word;
        __builtin_memcpy(&word, image.bytes + at, 4);
        word = __builtin_bswap32(word) - image.address;
        if (word + kReach >= image.size + 2 * kReach) continue;
        found(image.bytes + at, word);
        at += 3;
    }
}

// What comes next. Offsets, as all here.
struct Next {
    std::uint32_t string, object;
    const std::uint32_t *function, *functions_end;

    explicit Next(const AddressImage& image)
        : string(image.strings), object(image.objects), function(image.functions.data()), functions_end(function + image.functions.size()) {}
    void skip_string(const AddressImage& image) {
        while (string < image.size && image.bytes[string++]) {}
    }
};

// What stands for an offset.
std::uint32_t encoded(std::uint32_t offset, const AddressImage& image, Next& next) {
    if (offset == next.string && offset < image.objects) {
        next.skip_string(image);
        return kFront + kString;
    }
    for (std::uint32_t i = 0; i < kObject - kFunction && next.function + i != next.functions_end; ++i) {
        if (next.function[i] != offset) continue;
        next.function += i + 1;
        return kFront + kFunction + i;
    }
    std::uint32_t distance = offset - next.object;
    if (!distance || distance >= kReach - kObject) return offset;
    next.object = offset;
    return kFront + kObject + distance;
}

}  // namespace

bool addresses_encode(const AddressImage& image, std::span<const std::uint32_t> places) {
    Next next(image);
    for (std::uint32_t place : places) {
        std::uint32_t word;
        __builtin_memcpy(&word, image.bytes + place, 4);
        word = __builtin_bswap32(encoded(word, image, next) + image.address);
        __builtin_memcpy(image.bytes + place, &word, 4);
    }
    bool just_these = true;
    std::size_t found = 0;
    each_address(image, [&](std::uint8_t* place, std::uint32_t) {
        just_these &= found < places.size() && place == image.bytes + places[found];
        ++found;
    });
    return just_these && found == places.size();
}

void addresses_decode(const AddressImage& image, std::uint32_t base) {
    Next next(image);
    each_address(image, [&](std::uint8_t* place, std::uint32_t offset) {
        std::uint32_t what = offset - kFront;
        if (what == kString) {
            offset = next.string;
            next.skip_string(image);
        } else if (what < kObject) {
            if (what > static_cast<std::uint32_t>(next.functions_end - next.function)) return;
            next.function += what;
            offset = next.function[-1];
        } else if (what < kReach) {
            offset = next.object += what - kObject;
        }
        offset += base;
        __builtin_memcpy(place, &offset, 4);
    });
}

}  // namespace util
