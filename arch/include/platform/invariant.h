// What ASSERT does in the firmware when it does not hold: an invalid instruction, two bytes at each of hundreds of
// places. The exception handler (arch/bios/exceptions.cc) prints its address, which image.map turns into a function.
#pragma once

namespace platform {

[[noreturn, gnu::always_inline]] inline void invariant_broken(const char*) { __builtin_trap(); }

}  // namespace platform
