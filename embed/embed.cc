#include "embed/embed.h"

extern "C" const char embedded_script_begin[], embedded_script_end[];

namespace embed {

std::string_view script() {
    return {embedded_script_begin, static_cast<std::size_t>(embedded_script_end - embedded_script_begin)};
}

}  // namespace embed
