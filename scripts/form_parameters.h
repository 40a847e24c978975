// What `param` collects for an HTTP server: fields of a form, or header fields, sent by POST with a URI that ends in
// "##params" or "##params=<name>".
#pragma once

#include "scripts/named_table.h"

namespace scripts {

inline constexpr util::Failure kNoSuchParameters{util::code::kScript + 110,
                                                 "there is no such list of parameters: params makes one"};
inline constexpr util::Failure kBadParameter{util::code::kScript + 111, "not a name or value for a header field"};
inline constexpr util::Failure kParametersFull{util::code::kScript + 112, "too many or too long parameters"};

struct FormParameters {
    // In bytes: hostile scripts must not eat the heap.
    static constexpr std::size_t kLongest = 64 * 1024;

    util::String name;
    util::String form;     // application/x-www-form-urlencoded, with %20 for a blank
    util::String headers;  // lines

    // Failure: kParametersFull, out of memory.
    util::Result<void> add_field(std::string_view key, std::string_view value);
    // Failure: likewise; kBadParameter for what would end the line.
    util::Result<void> add_header(std::string_view key, std::string_view value);
};

}  // namespace scripts
