// Broken invariants. ASSERT is for what cannot be wrong unless the program is; bad input is a Failure
// (util/result.h). The host says where and aborts; the firmware traps, and says at which address.
#pragma once

#include <platform/invariant.h>

#include "util/panic.h"

#define UTIL_STRINGIZE_(x) #x
#define UTIL_STRINGIZE(x) UTIL_STRINGIZE_(x)
// __FILE_NAME__ keeps the image reproducible: no build path enters it.
#define ASSERT(condition)                                                             \
    do {                                                                              \
        if (!(condition)) [[unlikely]]                                                \
            ::platform::invariant_broken(__FILE_NAME__ ":" UTIL_STRINGIZE(__LINE__)); \
    } while (0)
