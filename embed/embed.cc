#include "embed/embed.h"

#include <cstdint>

extern "C" const char embedded_script[], embedded_trust[];

namespace embed {

static std::string_view with_size(const char* at) {
    std::uint32_t size;
    __builtin_memcpy(&size, at, sizeof size);
    return {at + sizeof size, size};
}

std::string_view script() { return with_size(embedded_script); }

std::string_view trust() { return with_size(embedded_trust); }

}  // namespace embed
