#include "san/iscsi_text.h"

#include "util/base64.h"
#include "util/text.h"

namespace san {

static constexpr std::size_t kLongestKeyName = 63;  // RFC 7143 section 6.1

bool TextKeyReader::next(TextKey& key) {
    // Some targets pad with NULs within the data segment's length.
    while (!rest_.empty() && rest_.front() == '\0') rest_.remove_prefix(1);
    if (rest_.empty() || !ok_) return false;
    // The last key's NUL may be missing: the segment's end ends it too.
    util::Split line = util::split_first(rest_, '\0');
    util::Split pair = util::split_first(line.before, '=');
    if (!pair.found || pair.before.empty() || pair.before.size() > kLongestKeyName) {
        ok_ = false;
        return false;
    }
    rest_ = line.after;
    key = {pair.before, pair.after};
    return true;
}

void TextKeyWriter::append(std::string_view piece) {
    if (ok_) ok_ = text_.append(piece).ok();
}

void TextKeyWriter::add(std::string_view name, std::string_view value) {
    append(name);
    append("=");
    append(value);
    append({"\0", 1});
}

void TextKeyWriter::add(const char* name, std::string_view value) { add(std::string_view(name), value); }
void TextKeyWriter::add(const char* name, const char* value) { add(name, std::string_view(value)); }

void TextKeyWriter::add(const char* name, std::uint32_t value) {
    util::Text<11> digits;
    digits.decimal(value);
    add(name, digits.view());
}

void TextKeyWriter::add_hex(const char* name, util::Bytes value) {
    append(name);
    append("=0x");
    for (std::byte b : value) {
        util::Text<2> digits;
        digits.hex(std::to_integer<unsigned>(b), 2);
        append(digits.view());
    }
    append({"\0", 1});
}

bool list_contains(std::string_view list, std::string_view item) {
    while (!list.empty()) {
        util::Split split = util::split_first(list, ',');
        if (split.before == item) return true;
        list = split.after;
    }
    return false;
}

static std::optional<util::MutableBytes> decode_hex(std::string_view digits, util::MutableBytes target) {
    // An odd number of digits has a leading zero left out.
    std::size_t count = digits.size() / 2 + digits.size() % 2;
    if (digits.empty() || count > target.size()) return std::nullopt;
    std::size_t used = 0;
    unsigned value = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        int digit = util::hex_digit(digits[i]);
        if (digit < 0) return std::nullopt;
        value = value << 4 | static_cast<unsigned>(digit);
        if ((digits.size() - i) % 2 == 0) continue;
        target[used++] = static_cast<std::byte>(value);
        value = 0;
    }
    return target.first(used);
}

static std::optional<util::MutableBytes> decode_base64(std::string_view digits, util::MutableBytes target) {
    while (!digits.empty() && digits.back() == '=') digits.remove_suffix(1);
    if (digits.empty() || digits.size() % 4 == 1) return std::nullopt;
    std::size_t used = 0;
    unsigned value = 0, bits = 0;
    for (char c : digits) {
        int digit = util::base64_digit(c);
        if (digit < 0) return std::nullopt;
        value = (value << 6 | static_cast<unsigned>(digit)) & 0xffff;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        if (used == target.size()) return std::nullopt;
        target[used++] = static_cast<std::byte>(value >> bits);
    }
    return target.first(used);
}

std::optional<util::MutableBytes> decode_binary(std::string_view value, util::MutableBytes target) {
    if (value.size() < 2 || value[0] != '0') return std::nullopt;
    char form = util::to_lower(value[1]);
    value.remove_prefix(2);
    if (form == 'x') return decode_hex(value, target);
    if (form == 'b') return decode_base64(value, target);
    return std::nullopt;
}

std::optional<std::uint32_t> decode_number(std::string_view value) {
    auto number = util::parse_integer(value);
    if (!number || *number > UINT32_MAX) return std::nullopt;
    return static_cast<std::uint32_t>(*number);
}

}  // namespace san
