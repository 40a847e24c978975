// Points in time and spans of time, in microseconds. Time is always an argument; only <platform/clock.h>
// reads it, so that tests run in virtual time.
#pragma once

#include <compare>
#include <cstdint>

namespace util {

class Duration {
  public:
    constexpr Duration() = default;
    [[gnu::always_inline]] static constexpr Duration microseconds(std::int64_t n) { return Duration(n); }
    [[gnu::always_inline]] static constexpr Duration milliseconds(std::int64_t n) { return Duration(n * 1000); }
    [[gnu::always_inline]] static constexpr Duration seconds(std::int64_t n) { return Duration(n * 1000000); }
    [[gnu::always_inline]] constexpr std::int64_t us() const { return us_; }
    [[gnu::always_inline]] constexpr std::int64_t ms() const { return us_ / 1000; }
    [[gnu::always_inline]] constexpr std::int64_t s() const { return us_ / 1000000; }
    constexpr auto operator<=>(const Duration&) const = default;
    [[gnu::always_inline]] constexpr Duration operator+(Duration other) const { return Duration(us_ + other.us_); }
    [[gnu::always_inline]] constexpr Duration operator-(Duration other) const { return Duration(us_ - other.us_); }
    [[gnu::always_inline]] constexpr Duration operator*(std::int32_t n) const { return Duration(us_ * n); }
    [[gnu::always_inline]] constexpr Duration operator/(std::int32_t n) const { return Duration(us_ / n); }

  private:
    explicit constexpr Duration(std::int64_t us) : us_(us) {}
    std::int64_t us_ = 0;
};

class Instant {
  public:
    constexpr Instant() = default;  // the epoch: power-on, or the start of a test
    [[gnu::always_inline]] static constexpr Instant at_us(std::int64_t us) { return Instant(us); }
    // Far enough away for any Duration to be added, or taken off, without overflow.
    [[gnu::always_inline]] static constexpr Instant never() { return Instant(std::int64_t{1} << 62); }
    [[gnu::always_inline]] constexpr std::int64_t us() const { return us_; }
    constexpr auto operator<=>(const Instant&) const = default;
    [[gnu::always_inline]] constexpr Instant operator+(Duration d) const { return Instant(us_ + d.us()); }
    [[gnu::always_inline]] constexpr Instant operator-(Duration d) const { return Instant(us_ - d.us()); }
    [[gnu::always_inline]] constexpr Duration operator-(Instant other) const { return Duration::microseconds(us_ - other.us_); }

  private:
    explicit constexpr Instant(std::int64_t us) : us_(us) {}
    std::int64_t us_ = 0;
};

}  // namespace util
