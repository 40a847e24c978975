// <platform/cpu.h>: what the processor can do beyond the i486 that the firmware is built for.
#pragma once

namespace platform {

// Conditional moves. BearSSL's library is i686 code: ask before calling it.
bool cpu_has_cmov();

}  // namespace platform
