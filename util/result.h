// Result<T>: a value, or a pointer to a named constant Failure. Nothing here allocates.
//
// A Failure's text is for operators: what went wrong, in words, without a final period. Where and to whom
// it happened is added by the command layer. Declare failures beside the code that returns them:
//     inline constexpr util::Failure kNoRoute{util::code::kNetwork + 1, "no route to that address"};
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include "util/assert.h"

namespace util {

// Number ranges for Failure::code, which scripts see as ${errno}. One block per part.
namespace code {
inline constexpr std::uint16_t kUtil = 0x0100;
inline constexpr std::uint16_t kDriver = 0x0200;
inline constexpr std::uint16_t kNetwork = 0x0300;
inline constexpr std::uint16_t kTcp = 0x0400;
inline constexpr std::uint16_t kConfig = 0x0500;  // DHCP, DNS
inline constexpr std::uint16_t kFetch = 0x0600;   // TFTP, HTTP
inline constexpr std::uint16_t kIscsi = 0x0700;
inline constexpr std::uint16_t kDisk = 0x0800;
inline constexpr std::uint16_t kScript = 0x0900;
inline constexpr std::uint16_t kPlatform = 0x0a00;
}  // namespace code

// Not defined, and not constexpr: the compiler stops at a Failure whose constructor would call it.
void failure_text_is_malformed();

struct Failure {
    std::uint16_t code;
    const char* text;

    consteval Failure(std::uint16_t failure_code, const char* failure_text)
        : code(failure_code), text(failure_text) {
        std::string_view view(failure_text);
        if (view.empty() || view.back() == '.' || view.find("://") != view.npos)
            failure_text_is_malformed();  // it is not empty, has no final period and no URL
    }
    Failure(const Failure&) = delete;
    Failure& operator=(const Failure&) = delete;
};

inline constexpr Failure kOutOfMemory{code::kUtil + 1, "out of memory"};
inline constexpr Failure kTimedOut{code::kUtil + 2, "timed out"};
inline constexpr Failure kCancelled{code::kUtil + 3, "cancelled by Ctrl-C"};
inline constexpr Failure kInvalid{code::kUtil + 4, "invalid argument"};
inline constexpr Failure kNotFound{code::kUtil + 5, "not found"};
inline constexpr Failure kUnsupported{code::kUtil + 6, "not supported"};
inline constexpr Failure kTooLong{code::kUtil + 7, "too long"};

// Always inline, what is: a call costs more bytes than what it does, and TRY's own test makes the assertions go away.
template <class T>
class [[nodiscard]] Result {
  public:
    using Value = T;
    [[gnu::always_inline]] Result(const T& value) : value_(value) {}
    [[gnu::always_inline]] Result(T&& value) : value_(std::move(value)) {}
    [[gnu::always_inline]] Result(const Failure& failure) : failure_(&failure), nothing_{} {}
    template <class U>
        requires(std::is_convertible_v<U &&, T> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
                 !std::is_same_v<std::remove_cvref_t<U>, Failure>)
    Result(U&& value) : value_(std::forward<U>(value)) {}
    Result(Result&& other) : failure_(other.failure_) {
        if (!failure_) new (&value_) T(std::move(other.value_));
    }
    Result& operator=(Result&& other) {
        if (this != &other) {
            this->~Result();
            new (this) Result(std::move(other));
        }
        return *this;
    }
    ~Result() {
        if (!failure_) value_.~T();
    }

    [[gnu::always_inline]] bool ok() const { return !failure_; }
    [[gnu::always_inline]] explicit operator bool() const { return ok(); }
    [[gnu::always_inline]] const Failure& failure() const {
        ASSERT(failure_);
        return *failure_;
    }
    [[gnu::always_inline]] T& value() {
        ASSERT(!failure_);
        return value_;
    }
    [[gnu::always_inline]] const T& value() const {
        ASSERT(!failure_);
        return value_;
    }
    [[gnu::always_inline]] T take() {
        ASSERT(!failure_);
        return std::move(value_);
    }

  private:
    const Failure* failure_ = nullptr;
    union {
        T value_;
        char nothing_;
    };
};

// What can be copied as bytes travels in registers, and needs no destructor.
template <class T>
    requires std::is_trivially_copyable_v<T>
class [[nodiscard]] Result<T> {
  public:
    using Value = T;
    [[gnu::always_inline]] Result(const T& value) : value_(value) {}
    [[gnu::always_inline]] Result(T&& value) : value_(std::move(value)) {}
    [[gnu::always_inline]] Result(const Failure& failure) : failure_(&failure), nothing_{} {}
    template <class U>
        requires(std::is_convertible_v<U &&, T> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
                 !std::is_same_v<std::remove_cvref_t<U>, Failure>)
    Result(U&& value) : value_(std::forward<U>(value)) {}

    [[gnu::always_inline]] bool ok() const { return !failure_; }
    [[gnu::always_inline]] explicit operator bool() const { return ok(); }
    [[gnu::always_inline]] const Failure& failure() const {
        ASSERT(failure_);
        return *failure_;
    }
    [[gnu::always_inline]] T& value() {
        ASSERT(!failure_);
        return value_;
    }
    [[gnu::always_inline]] const T& value() const {
        ASSERT(!failure_);
        return value_;
    }
    [[gnu::always_inline]] T take() {
        ASSERT(!failure_);
        return std::move(value_);
    }

  private:
    const Failure* failure_ = nullptr;
    union {
        T value_;
        char nothing_;
    };
};

template <>
class [[nodiscard]] Result<void> {
  public:
    using Value = void;
    constexpr Result() = default;
    [[gnu::always_inline]] constexpr Result(const Failure& failure) : failure_(&failure) {}

    [[gnu::always_inline]] constexpr bool ok() const { return !failure_; }
    [[gnu::always_inline]] constexpr explicit operator bool() const { return ok(); }
    [[gnu::always_inline]] const Failure& failure() const {
        ASSERT(failure_);
        return *failure_;
    }
    [[gnu::always_inline]] void take() const { ASSERT(!failure_); }

  private:
    const Failure* failure_ = nullptr;
};

}  // namespace util

// Yields the value, or returns the failure to the caller.
#define TRY(expression)                                               \
    ({                                                                \
        auto try_result = (expression);                               \
        if (!try_result.ok()) [[unlikely]] return try_result.failure(); \
        try_result.take();                                            \
    })
