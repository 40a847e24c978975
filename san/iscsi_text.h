// Text keys of login and text PDUs: `key=value` ended by a NUL each (RFC 7143 section 6.1).
#pragma once

#include <optional>
#include <string_view>

#include "util/vector.h"

namespace san {

struct TextKey {
    std::string_view name, value;
};

// Walks the keys of a whole text (C bit pieces already joined). Views into the text.
class TextKeyReader {
  public:
    explicit TextKeyReader(std::string_view text) : rest_(text) {}
    // False at the end, or when the text is malformed: then ok() is false.
    bool next(TextKey& key);
    bool ok() const { return ok_; }

  private:
    std::string_view rest_;
    bool ok_ = true;
};

// Builds a text. Running out of memory is remembered until ok().
class TextKeyWriter {
  public:
    void add(std::string_view name, std::string_view value);
    void add(const char* name, std::string_view value);
    void add(const char* name, const char* value);
    void add(const char* name, std::uint32_t value);
    // As 0x hex, for binary values.
    void add_hex(const char* name, util::Bytes value);
    std::string_view text() const { return text_.view(); }
    bool ok() const { return ok_; }
    void clear() {
        text_.clear();
        ok_ = true;
    }

  private:
    void append(std::string_view piece);
    util::String text_;
    bool ok_ = true;
};

// Whether a comma-separated list has this item.
bool list_contains(std::string_view list, std::string_view item);

// Binary values (section 6.1): 0x hex or 0b base64. Bytes written into target; nullopt when malformed or too long.
std::optional<util::MutableBytes> decode_binary(std::string_view value, util::MutableBytes target);

// Numerical values (section 6.1): decimal or 0x hex.
std::optional<std::uint32_t> decode_number(std::string_view value);

}  // namespace san
