// <platform/cpu.h>: what the processor can do beyond an i486. Host side: everything, and the leaves that a test has written.
#pragma once

#include <cstdint>

namespace platform {

struct CpuidLeaf {
    std::uint32_t eax, ebx, ecx, edx;
};

// Those of host::machine().cpuid; zeros for others.
CpuidLeaf cpuid(std::uint32_t leaf);
// Some leaves have several answers, by what is in ECX.
CpuidLeaf cpuid(std::uint32_t leaf, std::uint32_t subfunction);

// Conditional moves. BearSSL's library is i686 code: ask before calling it.
inline bool cpu_has_cmov() { return true; }

// Empties the TLB, for emulators. Nothing to do here.
inline void cpu_forgets_translations() {}

}  // namespace platform
