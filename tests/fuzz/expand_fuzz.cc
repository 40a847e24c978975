// Expansion of hostile words over hostile settings: always an end, always bounded.
#include <cstdint>
#include <string_view>

#include "scripts/expand.h"
#include "util/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    scripts::Settings settings;
    // Lines are settings a, b, c and so on; the last is the word.
    for (char name = 'a'; name <= 'z'; ++name) {
        auto line = util::split_first(rest, '\n');
        if (!line.found) break;
        settings.put({&name, 1}, line.before);
        rest = line.after;
    }
    util::String expanded;
    auto result = scripts::expand(settings, rest, expanded);
    ASSERT(!result.ok() || expanded.size() <= scripts::kLongestWord);
    return 0;
}
