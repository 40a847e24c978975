#include "util/x86_filter.h"


namespace util {
namespace {

constexpr std::uint8_t kCall = 0xe8, kJump = 0xe9;

// Both directions visit the same places: what follows an opcode byte is skipped whether it was changed or not. A
// target in [0, size) is stored as is; a relative value that would clash with one is moved to where no target
// can be (relative values down to -position become targets, the rest of them wrap by size).
template <class Convert>
[[gnu::always_inline]] inline void each_branch(std::uint8_t* code, std::uint32_t size, Convert convert) {
    for (std::uint32_t at = 0; at + 5 <= size; ++at) {
        if (code[at] != kCall && code[at] != kJump) continue;
        std::int32_t value;
        __builtin_memcpy(&value, code + at + 1, 4);
        value = convert(value, static_cast<std::int32_t>(at), static_cast<std::int32_t>(size));
        __builtin_memcpy(code + at + 1, &value, 4);
        at += 4;
    }
}

}  // namespace

void x86_filter_encode(std::uint8_t* code, std::uint32_t size) {
    each_branch(code, size, [](std::int32_t relative, std::int32_t at, std::int32_t end) {
        if (relative >= -at && relative < end - at) return relative + at;
        if (relative >= end - at && relative < end) return relative - end;
        return relative;
    });
}

void x86_filter_decode(std::uint8_t* code, std::uint32_t size) {
    each_branch(code, size, [](std::int32_t stored, std::int32_t at, std::int32_t end) {
        if (stored >= 0 && stored < end) return stored - at;
        if (stored < 0 && stored >= -at) return stored + end;
        return stored;
    });
}

}  // namespace util
