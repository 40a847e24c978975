// Base64 (RFC 4648 section 4).
#pragma once

#include "util/vector.h"

namespace util {

Result<void> append_base64(String& text, std::string_view bytes);
int base64_digit(char c);  // -1 when it is none; '=' is none

}  // namespace util
