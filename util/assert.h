// Broken invariants. ASSERT is for what cannot be wrong unless the program is; bad input is a Failure
// (util/result.h). The firmware prints the text and stops the machine's boot attempt, the host aborts.
#pragma once

namespace util {

// Defined by each platform (arch/, tests/host/). Never returns.
[[noreturn]] void panic(const char* what);

}  // namespace util

#define UTIL_STRINGIZE_(x) #x
#define UTIL_STRINGIZE(x) UTIL_STRINGIZE_(x)
// __FILE_NAME__ keeps the image reproducible: no build path enters it.
#define ASSERT(condition)                                                                         \
    do {                                                                                          \
        if (!(condition)) [[unlikely]]                                                            \
            ::util::panic(__FILE_NAME__ ":" UTIL_STRINGIZE(__LINE__));                            \
    } while (0)
