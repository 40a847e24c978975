// TCP sequence numbers: a type of their own, compared as RFC 9293 section 3.4 says, modulo 2^32.
#pragma once

#include <cstdint>

namespace net {

class TcpSequence {
  public:
    constexpr TcpSequence() = default;
    [[gnu::always_inline]] explicit constexpr TcpSequence(std::uint32_t value) : value_(value) {}
    [[gnu::always_inline]] constexpr std::uint32_t value() const { return value_; }
    [[gnu::always_inline]] constexpr TcpSequence operator+(std::uint32_t count) const { return TcpSequence(value_ + count); }
    [[gnu::always_inline]] constexpr TcpSequence operator-(std::uint32_t count) const { return TcpSequence(value_ - count); }
    // How far behind `other` this is; negative when it is before it.
    [[gnu::always_inline]] constexpr std::int32_t operator-(TcpSequence other) const {
        return static_cast<std::int32_t>(value_ - other.value_);
    }
    constexpr bool operator==(const TcpSequence&) const = default;
    [[gnu::always_inline]] constexpr bool operator<(TcpSequence other) const { return *this - other < 0; }
    [[gnu::always_inline]] constexpr bool operator<=(TcpSequence other) const { return *this - other <= 0; }
    [[gnu::always_inline]] constexpr bool operator>(TcpSequence other) const { return *this - other > 0; }
    [[gnu::always_inline]] constexpr bool operator>=(TcpSequence other) const { return *this - other >= 0; }

  private:
    std::uint32_t value_ = 0;
};

}  // namespace net
