// What happens when a broken invariant is noticed, and the names under which gcc and libstdc++ report theirs.
#include <platform/boot.h>
#include <platform/clock.h>
#include <platform/console.h>

#include <cstdlib>

#include "util/assert.h"
#include "util/text.h"

namespace util {

// The machine cannot be trusted any more: not with the disk either. Leaves time to read.
void panic(const char* what) {
    constexpr auto kTimeToRead = Duration::seconds(30);
    print("\nSanpiper stopped: %s. The machine restarts in 30 s.\n", what);
    Instant end = platform::now() + kTimeToRead;
    while (platform::now() < end) platform::idle(end);
    platform::reboot();
}

}  // namespace util

extern "C" {
[[noreturn, gnu::used]] void __stack_chk_fail() { util::panic("a buffer overflowed on the stack"); }
[[noreturn, gnu::used]] void __stack_chk_fail_local() { util::panic("a buffer overflowed on the stack"); }
[[noreturn, gnu::used]] void __cxa_pure_virtual() { util::panic("pure virtual function called"); }
[[noreturn, gnu::used]] void abort() { util::panic("abort"); }
}

// Destructors of polymorphic objects mention it; only make_owned and Owned use the heap.
void operator delete(void*) noexcept { util::panic("operator delete"); }
void operator delete(void*, std::size_t) noexcept { util::panic("operator delete"); }
