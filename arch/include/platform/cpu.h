// <platform/cpu.h>: what the processor can do beyond the i486 that the firmware is built for.
#pragma once

#include <cstdint>

namespace platform {

struct CpuidLeaf {
    std::uint32_t eax, ebx, ecx, edx;
};

// Zeros when the processor has no such leaf, or no CPUID at all.
CpuidLeaf cpuid(std::uint32_t leaf);
// Some leaves have several answers, by what is in ECX.
CpuidLeaf cpuid(std::uint32_t leaf, std::uint32_t subfunction);

// Conditional moves. BearSSL's library is i686 code: ask before calling it.
bool cpu_has_cmov();

// Has the processor empty its TLB, which does nothing visible. QEMU's translator resizes its TLB, at first of 256 pages or fewer, only
// then (accel/tcg/cputlb.c, tlb_mmu_resize_locked): called now and then, it lets programs with large tables run half again as fast.
// CR0.WP means nothing while paging is off, but changing it counts (i486 and later).
inline void cpu_forgets_translations() {
    unsigned cr0;
    asm volatile("mov %%cr0, %0; xor $0x10000, %0; mov %0, %%cr0" : "=&r"(cr0)::"cc", "memory");
}

}  // namespace platform
