// The C library functions that gcc may call for whatever it compiles (-mstringop-strategy=libcall: all of them, for what
// gcc makes inline with -Os goes byte by byte).
//
// memcpy moves most of what INT 13h reads, so it is a plain loop of words: under emulation (QEMU's TCG) string
// instructions take twice as long, and on real machines it is not slower.
#include <platform/calling.h>

#include <cstddef>
#include <cstdint>

#include "util/assert.h"

extern "C" {

[[gnu::used]] void* memcpy(void* to, const void* from, std::size_t count) {
    void* at = to;
    constexpr std::size_t kBlock = 32;
    if (std::size_t blocks = count / kBlock) {
        asm volatile(
            "0: movl (%1), %%eax; movl 4(%1), %%edx; movl %%eax, (%0); movl %%edx, 4(%0);"
            "movl 8(%1), %%eax; movl 12(%1), %%edx; movl %%eax, 8(%0); movl %%edx, 12(%0);"
            "movl 16(%1), %%eax; movl 20(%1), %%edx; movl %%eax, 16(%0); movl %%edx, 20(%0);"
            "movl 24(%1), %%eax; movl 28(%1), %%edx; movl %%eax, 24(%0); movl %%edx, 28(%0);"
            "addl $32, %1; addl $32, %0; decl %2; jnz 0b"
            : "+r"(at), "+r"(from), "+r"(blocks)::"eax", "edx", "memory", "cc");
    }
    std::size_t words = count % kBlock >> 2;  // gcc -Oz divides
    asm volatile("rep movsl" : "+D"(at), "+S"(from), "+c"(words)::"memory");
    std::size_t rest = count % 4;
    asm volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(rest)::"memory");
    return to;
}

// What Debian's BearSSL calls: built with _FORTIFY_SOURCE, and with other names for the rest (arch/build.mk).
PLATFORM_SYSTEM_V [[gnu::used]] void* library_memcpy(void* to, const void* from, std::size_t count) {
    return memcpy(to, from, count);
}
PLATFORM_SYSTEM_V [[gnu::used]] void* __memcpy_chk(void* to, const void* from, std::size_t count, std::size_t room) {
    if (count > room) util::panic("a copy would overflow its buffer");
    return memcpy(to, from, count);
}

// Upwards over itself: from the end, in pieces that do not overlap what they come from. An initrd may be moved so.
[[gnu::used]] void* memmove(void* to, const void* from, std::size_t count) {
    std::size_t distance = reinterpret_cast<std::uintptr_t>(to) - reinterpret_cast<std::uintptr_t>(from);
    while (count > distance && distance) {
        count -= distance;
        memcpy(static_cast<char*>(to) + count, static_cast<const char*>(from) + count, distance);
    }
    return memcpy(to, from, count);
}

[[gnu::used]] void* memset(void* to, int value, std::size_t count) {
    void* at = to;
    std::size_t words = count / 4;
    std::uint32_t pattern = (value & 0xff) * 0x01010101u;
    asm volatile("rep stosl" : "+D"(at), "+c"(words) : "a"(pattern) : "memory");
    std::size_t rest = count % 4;
    asm volatile("rep stosb" : "+D"(at), "+c"(rest) : "a"(pattern) : "memory");
    return to;
}

[[gnu::used]] int memcmp(const void* a, const void* b, std::size_t count) {
    auto* left = static_cast<const unsigned char*>(a);
    auto* right = static_cast<const unsigned char*>(b);
    for (; count; --count, ++left, ++right)
        if (*left != *right) return *left - *right;
    return 0;
}

[[gnu::used]] std::size_t strlen(const char* text) {
    const char* at = text;
    while (*at) ++at;
    return static_cast<std::size_t>(at - text);
}

[[gnu::used]] void* memchr(const void* text, int value, std::size_t count) {
    auto* at = static_cast<const unsigned char*>(text);
    for (; count; --count, ++at)
        if (*at == static_cast<unsigned char>(value)) return const_cast<unsigned char*>(at);
    return nullptr;
}

}  // extern "C"
