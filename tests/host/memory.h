// The host's side of <platform/memory.h>: a machine's RAM, by default 640 KiB and 127 MiB from 1 MiB on.
#pragma once

#include <platform/memory.h>

#include <vector>

namespace host {

// Above this address there is nothing behind memory_at(), unless somebody asked for more.
inline constexpr std::uint32_t kMemoryEnd = 128 << 20;
// As much RAM as that, from 2 MiB up to 3584 MiB, in the map as well. Once, before anything has used it.
void set_memory_end(std::uint32_t end);

struct Memory {
    std::vector<platform::MemoryRange> map = {{0u, 0x9d800u, platform::kRam},
                                              {0x100000u, kMemoryEnd - 0x100000u, platform::kRam},
                                              {0xfffc0000u, 0x40000u, 2u}};
    std::uint32_t base_end = 0x9b800;
};
Memory& memory();

}  // namespace host
