// What ASSERT does on the host when it does not hold: says where, and aborts.
#pragma once

#include "util/panic.h"

namespace platform {

[[noreturn]] inline void invariant_broken(const char* where) { util::panic(where); }

}  // namespace platform
