// <platform/dma.h>: memory that devices read and write. The firmware's side: the heap's memory, flat and below 4 GiB.
#pragma once

#include <cstddef>
#include <cstdint>

#include "util/bytes.h"

namespace platform {

// Zeroed memory that a device may use, contiguous, below 4 GiB. Empty span when there is none. alignment is a
// power of two.
util::MutableBytes dma_allocate(std::size_t size, std::size_t alignment);
void dma_free(util::MutableBytes memory);

// What a device must be told for memory from dma_allocate (and for packets, whose pool comes from it).
inline std::uint64_t bus_address(const void* memory) { return reinterpret_cast<std::uintptr_t>(memory); }

// Orders memory accesses against a device's: all before are seen before any after. A locked instruction: the floor has
// no MFENCE.
inline void dma_barrier() { asm volatile("lock; addl $0, (%%esp)" ::: "memory", "cc"); }

}  // namespace platform
