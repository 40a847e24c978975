// CPUID for those who may not assume that it exists.
#pragma once

#include <platform/cpu.h>

#include <cstdint>

namespace arch {

using platform::CpuidLeaf;
using platform::cpuid;

// Only where CPUID says that there is one.
inline std::uint64_t time_stamp() {
    std::uint32_t low, high;
    asm volatile("rdtsc" : "=a"(low), "=d"(high));
    return std::uint64_t{high} << 32 | low;
}
inline constexpr std::uint32_t kFeatureTimeStamp = 1u << 4;  // CPUID 1 EDX

}  // namespace arch
