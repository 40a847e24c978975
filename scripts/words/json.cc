#include "scripts/words/json.h"

#include <algorithm>
#include <array>

#include "util/text.h"

namespace scripts {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Goes over a text; each function leaves at() behind what it took, or where it is wrong.
class Scanner {
  public:
    explicit Scanner(std::string_view text, std::size_t at = 0) : text_(text), at_(at) {}
    std::size_t at() const { return at_; }
    bool is_at_end() const { return at_ >= text_.size(); }
    char peek() const { return is_at_end() ? '\0' : text_[at_]; }
    bool take(char c) {
        bool is_there = !is_at_end() && text_[at_] == c;
        at_ += is_there;
        return is_there;
    }
    void skip_blanks() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
    }

    util::Result<void> string() {
        if (!take('"')) return kJsonString;
        for (;;) {
            if (is_at_end() || static_cast<unsigned char>(peek()) < ' ') return kJsonString;
            if (take('"')) return {};
            if (take('\\')) TRY(escape());
            else ++at_;
        }
    }

    // A name and its colon.
    util::Result<void> name() {
        skip_blanks();
        if (peek() != '"') return kJsonName;
        TRY(string());
        skip_blanks();
        return take(':') ? util::Result<void>() : kJsonColon;
    }

    // A value with all that is in it.
    util::Result<void> value() {
        std::array<bool, Json::kDeepest> is_object;
        unsigned depth = 0;
        do {
            skip_blanks();
            bool opens = peek() == '{' || peek() == '[';
            if (!opens) {
                TRY(scalar());
            } else {
                if (depth == Json::kDeepest) return kJsonTooDeep;
                is_object[depth++] = peek() == '{';
                ++at_;
                skip_blanks();
                opens = peek() != (is_object[depth - 1] ? '}' : ']');
            }
            // Behind a value whatever ends there is closed.
            while (!opens && depth) {
                skip_blanks();
                if (take(is_object[depth - 1] ? '}' : ']')) --depth;
                else if (take(',')) opens = true;
                else return kJsonComma;
            }
            if (depth && is_object[depth - 1]) TRY(name());
        } while (depth);
        return {};
    }

  private:
    util::Result<void> escape() {
        if (take('u')) {
            for (int i = 0; i < 4; ++i, ++at_)
                if (util::hex_digit(peek()) < 0) return kJsonString;
            return {};
        }
        if (is_at_end() || std::string_view("\"\\/bfnrt").find(peek()) == std::string_view::npos) return kJsonString;
        ++at_;
        return {};
    }

    bool digits() {
        std::size_t begin = at_;
        while (is_digit(peek())) ++at_;
        return at_ > begin;
    }

    util::Result<void> scalar() {
        if (peek() == '"') return string();
        for (std::string_view word : {"true", "false", "null"}) {
            if (!text_.substr(at_).starts_with(word)) continue;
            at_ += word.size();
            return {};
        }
        take('-');
        if (!take('0') && !digits()) return kJsonValue;
        if (take('.') && !digits()) return kJsonValue;
        if (!take('e') && !take('E')) return {};
        if (!take('+')) take('-');
        return digits() ? util::Result<void>() : kJsonValue;
    }

    std::string_view text_;
    std::size_t at_;
};

// The parts of an array or object of a text that was checked, one after another.
class Parts {
  public:
    explicit Parts(std::string_view value) : text_(value), scanner_(value, 1), is_object_(value.starts_with('{')) {}

    bool next() {
        scanner_.skip_blanks();
        scanner_.take(',');
        scanner_.skip_blanks();
        char end = is_object_ ? '}' : ']';
        if (scanner_.is_at_end() || scanner_.peek() == end) return false;
        std::size_t begin = scanner_.at();
        if (is_object_) {
            if (!scanner_.string().ok()) return false;
            name = text_.substr(begin, scanner_.at() - begin);
            scanner_.skip_blanks();
            scanner_.take(':');
            scanner_.skip_blanks();
            begin = scanner_.at();
        }
        if (!scanner_.value().ok()) return false;
        value = text_.substr(begin, scanner_.at() - begin);
        return true;
    }
    std::string_view name, value;  // the name as it is written, in quotation marks

  private:
    std::string_view text_;
    Scanner scanner_;
    bool is_object_;
};

bool has_parts(std::string_view value) { return value.starts_with('{') || value.starts_with('['); }

util::Result<void> append_utf8(std::uint32_t point, util::String& text) {
    auto push = [&text](std::uint32_t byte) { return text.push(static_cast<char>(byte)); };
    if (point < 0x80) return push(point);
    int tails = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    constexpr std::uint32_t kLead[] = {0, 0xc0, 0xe0, 0xf0};
    TRY(push(kLead[tails] | point >> (6 * tails)));
    while (tails--) TRY(push(0x80 | (point >> (6 * tails) & 0x3f)));
    return {};
}

// Behind "\u" in a text that was checked.
std::uint32_t take_unit(std::string_view& rest) {
    auto unit = util::parse_hex(rest.substr(0, 4)).value_or(0);
    rest.remove_prefix(std::min<std::size_t>(rest.size(), 4));
    return static_cast<std::uint32_t>(unit);
}

// Two halves of a pair are one character; half a pair is U+FFFD.
std::uint32_t take_character(std::string_view& rest) {
    constexpr std::uint32_t kHigh = 0xd800, kLow = 0xdc00, kAfter = 0xe000, kReplacement = 0xfffd;
    std::uint32_t unit = take_unit(rest);
    if (unit < kHigh || unit >= kAfter) return unit;
    if (unit >= kLow || !rest.starts_with("\\u")) return kReplacement;
    std::string_view ahead = rest.substr(2);
    std::uint32_t low = take_unit(ahead);
    if (low < kLow || low >= kAfter) return kReplacement;
    rest = ahead;
    return 0x10000 + ((unit - kHigh) << 10 | (low - kLow));
}

util::Result<void> append_string(std::string_view rest, util::String& text) {
    rest = rest.substr(1, rest.size() - 2);
    while (!rest.empty()) {
        std::size_t plain = std::min(rest.find('\\'), rest.size());
        TRY(text.append(rest.substr(0, plain)));
        rest.remove_prefix(plain);
        if (rest.size() < 2) break;
        char letter = rest[1];
        rest.remove_prefix(2);
        constexpr std::string_view kLetters = "bfnrt", kMeaning = "\b\f\n\r\t";
        std::size_t known = kLetters.find(letter);
        if (letter == 'u') TRY(append_utf8(take_character(rest), text));
        else TRY(text.push(known == kLetters.npos ? letter : kMeaning[known]));
    }
    return {};
}

// Takes a reference token off the front of a pointer, without its escapes.
util::Result<util::String> take_token(std::string_view& pointer) {
    if (!pointer.starts_with('/')) return kJsonPointer;
    pointer.remove_prefix(1);
    util::String token;
    for (; !pointer.empty() && pointer[0] != '/'; pointer.remove_prefix(1)) {
        char c = pointer[0];
        if (c == '~') {
            pointer.remove_prefix(1);
            if (pointer.empty() || (pointer[0] != '0' && pointer[0] != '1')) return kJsonPointer;
            c = pointer[0] == '0' ? '~' : '/';
        }
        TRY(token.push(c));
    }
    return token;
}

util::Result<std::string_view> member(std::string_view object, std::string_view wanted) {
    std::string_view found;
    for (Parts parts(object); parts.next();) {
        util::String name;
        TRY(append_string(parts.name, name));
        if (name.view() == wanted) found = parts.value;
    }
    if (found.empty()) return kJsonAbsent;
    return found;
}

util::Result<std::string_view> element(std::string_view array, std::string_view token) {
    auto number = util::parse_decimal(token);
    if (!number || (token.size() > 1 && token[0] == '0')) return kJsonAbsent;
    Parts parts(array);
    for (std::uint64_t skip = *number; parts.next(); --skip)
        if (!skip) return parts.value;
    return kJsonAbsent;
}

}  // namespace

util::Result<Json> Json::parse(std::string_view text, std::size_t& wrong_at) {
    Scanner scanner(text, text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
    auto checked = scanner.value();
    std::size_t end = scanner.at();
    scanner.skip_blanks();
    wrong_at = checked.ok() ? scanner.at() : end;
    TRY(std::move(checked));
    if (!scanner.is_at_end()) return kJsonEnd;
    return Json(text.substr(0, end));
}

util::Result<std::string_view> Json::find(std::string_view pointer) const {
    Scanner start(text_, text_.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
    start.skip_blanks();
    std::string_view value = text_.substr(start.at());
    while (!pointer.empty()) {
        util::String token = TRY(take_token(pointer));
        if (!has_parts(value)) return kJsonAbsent;
        value = TRY(value[0] == '{' ? member(value, token) : element(value, token));
    }
    return value;
}

util::Result<void> Json::append_text(std::string_view value, util::String& text) {
    return value.starts_with('"') ? append_string(value, text) : text.append(value);
}

util::Result<void> Json::append_keys(std::string_view value, util::String& text) {
    if (!has_parts(value)) return kJsonAbsent;
    std::size_t begin = text.size();
    unsigned number = 0;
    for (Parts parts(value); parts.next(); ++number) {
        if (text.size() > begin) TRY(text.push(' '));
        util::Text<12> digits;
        if (value[0] == '{') TRY(append_string(parts.name, text));
        else TRY(text.append(digits.decimal(number).view()));
    }
    return {};
}

}  // namespace scripts
