#include "util/text.h"

#include <platform/console.h>

#include <cstring>

namespace util {

TextSink& TextSink::text(std::string_view text) {
    std::size_t count = text.size();
    if (count > capacity_ - size_) {
        count = capacity_ - size_;
        truncated_ = 1;
    }
    if (count) std::memcpy(data() + size_, text.data(), count);
    size_ += static_cast<std::uint32_t>(count);
    return *this;
}

TextSink& TextSink::text(const char* literal) { return text(std::string_view(literal)); }

static TextSink& number(TextSink& sink, std::uint64_t value, unsigned width, unsigned base) {
    unsigned char digits[24];
    unsigned used = 0;
    do {
        digits[sizeof digits - ++used] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    while (used < width && used < sizeof digits) digits[sizeof digits - ++used] = '0';
    return sink.text({reinterpret_cast<char*>(digits) + sizeof digits - used, used});
}

TextSink& TextSink::decimal(std::uint64_t value, unsigned width) { return number(*this, value, width, 10); }
TextSink& TextSink::hex(std::uint64_t value, unsigned width) { return number(*this, value, width, 16); }

TextSink& TextSink::format(const char* format, ...) {
    std::va_list arguments;
    va_start(arguments, format);
    vformat(format, arguments);
    va_end(arguments);
    return *this;
}

TextSink& TextSink::vformat(const char* format, std::va_list arguments) {
    for (const char* at = format; *at; ++at) {
        if (*at != '%') {
            const char* end = at;
            while (*end && *end != '%') ++end;
            text({at, static_cast<std::size_t>(end - at)});
            at = end - 1;
            continue;
        }
        const char* start = at++;
        unsigned width = 0;
        while (*at >= '0' && *at <= '9') width = width * 10 + static_cast<unsigned>(*at++ - '0');
        bool is_long = *at == 'l';
        if (is_long) ++at;
        switch (*at) {
            case 's': text(va_arg(arguments, const char*)); break;
            case 'v': text(*va_arg(arguments, const std::string_view*)); break;
            case 't': text(va_arg(arguments, const TextSink*)->view()); break;
            case 'c': character(static_cast<char>(va_arg(arguments, int))); break;
            case 'd':
            case 'u':
            case 'x': {
                std::uint64_t value = is_long ? va_arg(arguments, std::uint64_t) : va_arg(arguments, unsigned);
                if (*at == 'd') {
                    auto number = is_long ? static_cast<std::int64_t>(value) : static_cast<std::int32_t>(value);
                    if (number < 0) character('-');
                    value = static_cast<std::uint64_t>(number);
                    if (number < 0) value = 0 - value;
                }
                number(*this, value, width, *at == 'x' ? 16 : 10);
                break;
            }
            case '%': character('%'); break;
            case '\0': return text({start, 1});
            default: text({start, static_cast<std::size_t>(at - start + 1)});
        }
    }
    return *this;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = to_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

static std::optional<std::uint64_t> parse(std::string_view text, unsigned base) {
    if (text.empty()) return std::nullopt;
    std::uint64_t value = 0;
    for (char c : text) {
        int digit = hex_digit(c);
        if (digit < 0 || digit >= static_cast<int>(base)) return std::nullopt;
        if (value > (UINT64_MAX - static_cast<unsigned>(digit)) / base) return std::nullopt;
        value = value * base + static_cast<unsigned>(digit);
    }
    return value;
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) { return parse(text, 10); }
std::optional<std::uint64_t> parse_hex(std::string_view text) { return parse(text, 16); }
std::optional<std::uint64_t> parse_integer(std::string_view text) {
    if (text.size() > 2 && text[0] == '0' && to_lower(text[1]) == 'x') return parse_hex(text.substr(2));
    return parse_decimal(text);
}

bool equal(std::string_view text, const char* literal) { return text == literal; }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (to_lower(a[i]) != to_lower(b[i])) return false;
    return true;
}

bool equal_ignoring_case(std::string_view text, const char* literal) {
    return equal_ignoring_case(text, std::string_view(literal));
}

Split split_first(std::string_view text, char separator) {
    std::size_t at = text.find(separator);
    if (at == text.npos) return {text, {}, false};
    return {text.substr(0, at), text.substr(at + 1), true};
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

using ConsoleTap = void(std::string_view text);
static constinit ConsoleTap* console_tap = nullptr;

void set_console_tap(ConsoleTap* tap) { console_tap = tap; }

void put(std::string_view text) {
    if (console_tap) console_tap(text);
    platform::console_write(text);
}

void print(const char* format, ...) {
    Text<512> line;
    std::va_list arguments;
    va_start(arguments, format);
    line.vformat(format, arguments);
    va_end(arguments);
    put(line.view());
}

void log_line(const char* format, ...) {
    Text<256> line;
    std::va_list arguments;
    va_start(arguments, format);
    line.vformat(format, arguments);
    va_end(arguments);
    line.character('\n');
    put(line.view());
}

}  // namespace util
