// What Debian's BearSSL calls of the C library, by the names that arch/build.mk gives them, and what it would ask of an operating system.
#include <platform/calling.h>

#include <bearssl/bearssl_rand.h>

#include <cstddef>
#include <cstring>

#include "util/panic.h"

extern "C" {

PLATFORM_SYSTEM_V [[gnu::used]] void* library_memmove(void* to, const void* from, std::size_t count) { return memmove(to, from, count); }
PLATFORM_SYSTEM_V [[gnu::used]] void* library_memset(void* to, int value, std::size_t count) { return memset(to, value, count); }
PLATFORM_SYSTEM_V [[gnu::used]] int library_memcmp(const void* a, const void* b, std::size_t count) { return memcmp(a, b, count); }
PLATFORM_SYSTEM_V [[gnu::used]] std::size_t library_strlen(const char* text) { return strlen(text); }
PLATFORM_SYSTEM_V [[gnu::used]] void* __memmove_chk(void* to, const void* from, std::size_t count, std::size_t room) {
    if (count > room) util::panic("a copy would overflow its buffer");
    return memmove(to, from, count);
}
PLATFORM_SYSTEM_V [[gnu::used]] void* __memset_chk(void* to, int value, std::size_t count, std::size_t room) {
    if (count > room) util::panic("a copy would overflow its buffer");
    return memset(to, value, count);
}

// Never really asked: whoever checks certificates says what time it is.
PLATFORM_SYSTEM_V [[gnu::used]] long library_time(long*) { return 0; }
// There is no such source: connections are given their seed (net/tls/tls_stream.cc).
PLATFORM_SYSTEM_V [[gnu::used]] br_prng_seeder library_prng_seeder_system(const char**) { return nullptr; }

}  // extern "C"
