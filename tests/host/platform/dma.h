// <platform/dma.h>: memory that devices read and write. Host side: one arena whose bus addresses differ from its
// pointers, so that a driver which mixes them up fails its test.
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
std::uint64_t bus_address(const void* memory);

// Orders memory accesses against a device's: all before are seen before any after.
void dma_barrier();

}  // namespace platform
