#include "embed/embed.h"

#include <cstdint>

extern "C" const char embedded_script[];

namespace embed {

std::string_view script() {
    std::uint32_t size;
    __builtin_memcpy(&size, embedded_script, sizeof size);
    return {embedded_script + sizeof size, size};
}

}  // namespace embed
