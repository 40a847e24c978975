// CPUID for those who may not assume that it exists.
#pragma once

#include <cstdint>

namespace arch {

struct CpuidLeaf {
    std::uint32_t eax, ebx, ecx, edx;
};

// Zeros when the processor has no such leaf, or no CPUID at all.
CpuidLeaf cpuid(std::uint32_t leaf);

// Only where CPUID says that there is one.
inline std::uint64_t time_stamp() {
    std::uint32_t low, high;
    asm volatile("rdtsc" : "=a"(low), "=d"(high));
    return std::uint64_t{high} << 32 | low;
}
inline constexpr std::uint32_t kFeatureTimeStamp = 1u << 4;  // CPUID 1 EDX

}  // namespace arch
