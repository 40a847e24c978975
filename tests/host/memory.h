// The host's side of <platform/memory.h>: a machine's RAM, by default 640 KiB and 127 MiB from 1 MiB on.
#pragma once

#include <platform/memory.h>

#include <vector>

namespace host {

// Above this address there is nothing behind memory_at().
inline constexpr std::uint32_t kMemoryEnd = 128 << 20;

struct Memory {
    std::vector<platform::MemoryRange> map = {{0u, 0x9d800u, platform::kRam},
                                              {0x100000u, kMemoryEnd - 0x100000u, platform::kRam},
                                              {0xfffc0000u, 0x40000u, 2u}};
    std::uint32_t base_end = 0x9b800;
};
Memory& memory();

}  // namespace host
