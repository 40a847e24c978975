// Any bytes as a JSON text, and any path into it (the first line): always an end, and pieces of the text only.
#include <cstdint>

#include "scripts/words/json.h"
#include "util/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto input = util::split_first({reinterpret_cast<const char*>(data), size}, '\n');
    std::string_view document = input.after;
    std::size_t wrong_at = 0;
    auto json = scripts::Json::parse(document, wrong_at);
    if (!json.ok()) {
        ASSERT(wrong_at <= document.size());
        return 0;
    }
    for (std::string_view path : {std::string_view(), input.before}) {
        auto value = json.value().find(path);
        if (!value.ok()) continue;
        util::String text, keys;
        ASSERT(!value.value().empty());
        ASSERT(value.value().data() >= document.data());
        ASSERT(value.value().data() + value.value().size() <= document.data() + document.size());
        ASSERT(scripts::Json::append_text(value.value(), text).ok());
        ASSERT(text.size() <= value.value().size());
        (void)scripts::Json::append_keys(value.value(), keys);
        // What was found is JSON itself.
        ASSERT(scripts::Json::parse(value.value(), wrong_at).ok());
    }
    return 0;
}
