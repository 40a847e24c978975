// The end, when the program cannot trust itself any more. The firmware prints the text and restarts the machine, the
// host aborts.
#pragma once

namespace util {

// Defined by each platform (arch/, tests/host/). Never returns.
[[noreturn]] void panic(const char* what);

}  // namespace util
