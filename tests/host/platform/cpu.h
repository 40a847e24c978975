// <platform/cpu.h>: what the processor can do beyond an i486. Host side: everything.
#pragma once

namespace platform {

// Conditional moves. BearSSL's library is i686 code: ask before calling it.
inline bool cpu_has_cmov() { return true; }

// Empties the TLB, for emulators. Nothing to do here.
inline void cpu_forgets_translations() {}

}  // namespace platform
