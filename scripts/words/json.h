// Values in JSON texts (RFC 8259), found by JSON Pointers (RFC 6901): "json" reads them.
//
// The whole text is checked before anything is looked for, so that what a text is does not depend on the path. Nothing is built of
// it: values are pieces of the text. No recursion; nesting is bounded.
#pragma once

#include <string_view>

#include "util/result.h"
#include "util/vector.h"

namespace scripts {

inline constexpr util::Failure kJsonValue{util::code::kScript + 220, "not JSON: a value is missing here"};
inline constexpr util::Failure kJsonString{util::code::kScript + 221, "not JSON: a bad character or escape in a string, or no end to it"};
inline constexpr util::Failure kJsonName{util::code::kScript + 222, "not JSON: a name in quotation marks is missing here"};
inline constexpr util::Failure kJsonColon{util::code::kScript + 223, "not JSON: a colon is missing here"};
inline constexpr util::Failure kJsonComma{util::code::kScript + 224, "not JSON: a comma or the closing bracket is missing here"};
inline constexpr util::Failure kJsonEnd{util::code::kScript + 225, "not JSON: there is more behind its end"};
inline constexpr util::Failure kJsonTooDeep{util::code::kScript + 226, "JSON nested too deeply"};
inline constexpr util::Failure kJsonPointer{util::code::kScript + 227, "a path begins with / and has ~0 for ~, ~1 for /"};
inline constexpr util::Failure kJsonAbsent{util::code::kScript + 228, "there is no such value"};

class Json {
  public:
    static constexpr unsigned kDeepest = 128;

    // A view of the text. Failure: one of those above, with `wrong_at` where it is.
    static util::Result<Json> parse(std::string_view text, std::size_t& wrong_at);

    // The value at the pointer, as it is written; "" is the whole. Of names that come twice the last counts. Failure: kJsonPointer,
    // kJsonAbsent.
    util::Result<std::string_view> find(std::string_view pointer) const;

    // Appends a value from find() as scripts want it: a string's characters, all else as it is written. Failure: out of memory.
    static util::Result<void> append_text(std::string_view value, util::String& text);
    // Appends an object's names, or an array's numbers from 0, with blanks between. Failure: kJsonAbsent for values that have none,
    // out of memory.
    static util::Result<void> append_keys(std::string_view value, util::String& text);

  private:
    explicit Json(std::string_view text) : text_(text) {}
    std::string_view text_;
};

}  // namespace scripts
