// CPUID, when the processor has it. AMD "CPUID specification", Intel SDM volume 2.
#include <platform/cpu.h>

#include "arch/bios/cpu.h"

namespace arch {

static constexpr std::uint32_t kFlagId = 1u << 21;  // EFLAGS.ID can be changed where CPUID exists

static bool has_cpuid() {
    std::uint32_t before, after;
    asm("pushfl\n popl %0\n movl %0, %1\n xorl %2, %1\n pushl %1\n popfl\n pushfl\n popl %1\n pushl %0\n popfl"
        : "=&r"(before), "=&r"(after)
        : "i"(kFlagId)
        : "cc");
    return (before ^ after) & kFlagId;
}

}  // namespace arch

namespace platform {

// In place at both, as most images have the first alone.
[[gnu::always_inline]] static inline CpuidLeaf ask(std::uint32_t leaf, std::uint32_t subfunction) {
    CpuidLeaf result{};
    if (!arch::has_cpuid()) return result;
    std::uint32_t base = leaf & 0x80000000;
    std::uint32_t largest, unused_b, unused_c, unused_d;
    asm("cpuid" : "=a"(largest), "=b"(unused_b), "=c"(unused_c), "=d"(unused_d) : "0"(base));
    // A processor without extended leaves answers with something that is no extended leaf number.
    if (leaf > largest || (largest & 0x80000000) != base) return result;
    asm("cpuid" : "=a"(result.eax), "=b"(result.ebx), "=c"(result.ecx), "=d"(result.edx) : "0"(leaf), "2"(subfunction));
    return result;
}

CpuidLeaf cpuid(std::uint32_t leaf) { return ask(leaf, 0); }

CpuidLeaf cpuid(std::uint32_t leaf, std::uint32_t subfunction) { return ask(leaf, subfunction); }

static constexpr std::uint32_t kFeatureCmov = 1u << 15;  // CPUID 1 EDX

bool cpu_has_cmov() { return cpuid(1).edx & kFeatureCmov; }

}  // namespace platform
