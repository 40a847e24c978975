// Any bytes as an expression: a number or a failure, and what is left is a piece of the text.
#include <cstdint>
#include <string_view>

#include "scripts/words/expression.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size), rest = text;
    auto value = scripts::evaluate(rest);
    ASSERT(rest.size() <= text.size() && rest.data() == text.data() + (text.size() - rest.size()));
    ASSERT(!value.ok() || rest.empty());
    return 0;
}
