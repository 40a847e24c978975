// 64-bit division, as gcc calls it on 32-bit x86. Our own, because libgcc's may be built for a newer processor than an i486,
// and because gcc calls it by our convention (<platform/calling.h>).
#include <cstdint>

namespace {

struct Divided {
    std::uint64_t quotient, remainder;
};

// 64 by 32 bits in two DIV instructions, schoolbook style.
Divided divide_by_word(std::uint64_t dividend, std::uint32_t divisor) {
    auto high = static_cast<std::uint32_t>(dividend >> 32);
    auto low = static_cast<std::uint32_t>(dividend);
    std::uint32_t quotient_high = high / divisor, remainder = high % divisor, quotient_low;
    asm("divl %4" : "=a"(quotient_low), "=d"(remainder) : "0"(low), "1"(remainder), "r"(divisor) : "cc");
    return {std::uint64_t{quotient_high} << 32 | quotient_low, remainder};
}

// Bit by bit; divisors above 32 bits are rare.
Divided divide(std::uint64_t dividend, std::uint64_t divisor) {
    if (!(divisor >> 32)) return divide_by_word(dividend, static_cast<std::uint32_t>(divisor));
    Divided result{0, static_cast<std::uint32_t>(dividend >> 32)};
    for (int bit = 31; bit >= 0; --bit) {  // the quotient has 32 bits at most
        bool carry = result.remainder >> 63;
        result.remainder = result.remainder << 1 | (dividend >> bit & 1);
        if (carry || result.remainder >= divisor) {
            result.remainder -= divisor;
            result.quotient |= std::uint64_t{1} << bit;
        }
    }
    return result;
}

std::uint64_t magnitude(std::int64_t value) {
    return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

}  // namespace

extern "C" {

[[gnu::used]] std::uint64_t __udivdi3(std::uint64_t a, std::uint64_t b) { return divide(a, b).quotient; }
[[gnu::used]] std::uint64_t __umoddi3(std::uint64_t a, std::uint64_t b) { return divide(a, b).remainder; }
[[gnu::used]] std::uint64_t __udivmoddi4(std::uint64_t a, std::uint64_t b, std::uint64_t* remainder) {
    Divided result = divide(a, b);
    if (remainder) *remainder = result.remainder;
    return result.quotient;
}
[[gnu::used]] std::int64_t __divdi3(std::int64_t a, std::int64_t b) {
    std::uint64_t quotient = divide(magnitude(a), magnitude(b)).quotient;
    return static_cast<std::int64_t>((a < 0) != (b < 0) ? 0 - quotient : quotient);
}
[[gnu::used]] std::int64_t __moddi3(std::int64_t a, std::int64_t b) {
    std::uint64_t remainder = divide(magnitude(a), magnitude(b)).remainder;
    return static_cast<std::int64_t>(a < 0 ? 0 - remainder : remainder);
}
[[gnu::used]] std::int64_t __divmoddi4(std::int64_t a, std::int64_t b, std::int64_t* remainder) {
    *remainder = __moddi3(a, b);
    return __divdi3(a, b);
}

}  // extern "C"
