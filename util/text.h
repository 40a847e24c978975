// Text building and reading without a heap, and the log.
#pragma once

#include <concepts>
#include <cstdarg>
#include <cstdint>
#include <optional>
#include <string_view>

#include "util/bytes.h"

namespace util {

// Text in a fixed buffer. What does not fit is cut off and remembered by truncated().
class TextSink {
  public:
    TextSink& text(std::string_view text);
    TextSink& text(const char* text);  // a literal: half the code of a string_view
    TextSink& character(char c) { return text({&c, 1}); }
    TextSink& decimal(std::uint64_t value, unsigned width = 0);  // zero-padded to width
    TextSink& hex(std::uint64_t value, unsigned width = 0);      // lower case, zero-padded to width
    // printf-like: %s const char*, %v const std::string_view* (by pointer), %t const TextSink* (see self()), %d int, %u unsigned, %x unsigned,
    // %0Nx/%0Nu, %ld std::int64_t, %lu %lx std::uint64_t, %c, %%. Checked at run time only: an unknown one prints itself.
    TextSink& format(const char* format, ...);
    TextSink& vformat(const char* format, std::va_list arguments);
    [[gnu::always_inline]] std::string_view view() const { return {data(), size_}; }
    const TextSink* self() const { return this; }
    bool truncated() const { return truncated_ != 0; }
    void clear() {
        size_ = 0;
        truncated_ = 0;
    }

  protected:
    explicit constexpr TextSink(std::uint16_t capacity) : capacity_(capacity) {}

  private:
    // A Text's characters follow. No pointer to them, so that a Text and what holds one are copied as bytes.
    char* data() { return reinterpret_cast<char*>(this + 1); }
    const char* data() const { return reinterpret_cast<const char*>(this + 1); }
    std::uint32_t size_ = 0;
    std::uint16_t capacity_;
    std::uint16_t truncated_ = 0;  // 0 or 1; so wide that no padding is left which a derived class would use
};

template <std::size_t N>
class Text final : public TextSink {
  public:
    constexpr Text() : TextSink(N) {
        static_assert(N <= UINT16_MAX);
        static_assert(sizeof(Text) == (sizeof(TextSink) + N + 3) / 4 * 4);  // buffer_ is where data() says
    }

  private:
    unsigned char buffer_[N];  // of this type for the stack protector's sake, as Buffer is
};

// The whole text must be a number; nullopt otherwise, and on overflow.
std::optional<std::uint64_t> parse_decimal(std::string_view text);
std::optional<std::uint64_t> parse_hex(std::string_view text);      // without 0x
std::optional<std::uint64_t> parse_integer(std::string_view text);  // decimal, 0x hex, as scripts write them
int hex_digit(char c);                                              // -1 when it is none
char to_lower(char c);
bool equal(std::string_view text, const char* literal);  // half the code of ==
bool equal_ignoring_case(std::string_view a, std::string_view b);
bool equal_ignoring_case(std::string_view text, const char* literal);
// Splits at the first separator: {before, after}; after is empty when there is none.
struct Split {
    std::string_view before, after;
    bool found;
};
Split split_first(std::string_view text, char separator);
std::string_view trim(std::string_view text);  // spaces and tabs at both ends

// Text on the console, which is not formatted.
void put(std::string_view text);
// Who is shown all that is put, printed and logged: menus and what is typed are not. One at a time; it must not print.
void set_console_tap(void (*tap)(std::string_view text));

// A line on the console for people, and for engineers: LOG names the object first, "net0: link up".
void print(const char* format, ...);
void log_line(const char* format, ...);

}  // namespace util

#define LOG(...) ::util::log_line(__VA_ARGS__)
