#include "scripts/settings/numbers.h"

#include "util/text.h"

namespace scripts {

std::size_t parse_numbers(std::string_view text, std::span<std::uint32_t> numbers) {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        auto split = util::split_first(text, '.');
        auto number = util::parse_integer(split.before);
        if (!number || *number > UINT32_MAX) return 0;
        numbers[i] = static_cast<std::uint32_t>(*number);
        if (!split.found) return i + 1;
        text = split.after;
    }
    return 0;
}

}  // namespace scripts
