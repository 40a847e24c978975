#include "tests/host/memory.h"

#include <sys/mman.h>

#include "util/assert.h"

namespace host {

Memory& memory() {
    static Memory instance;
    return instance;
}

static std::uint32_t memory_end = kMemoryEnd;

void set_memory_end(std::uint32_t end) {
    memory_end = end;
    memory().map[1].length = end - 0x100000u;
}

// Address space only: pages come when they are touched.
static std::byte* bytes() {
    static void* mapping = mmap(nullptr, memory_end, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ASSERT(mapping != MAP_FAILED);
    return static_cast<std::byte*>(mapping);
}

}  // namespace host

namespace platform {

std::span<const MemoryRange> memory_map() { return host::memory().map; }
std::uint32_t base_memory_end() { return host::memory().base_end; }

std::byte* memory_at(std::uint32_t address) {
    ASSERT(address < host::memory_end);
    return host::bytes() + address;
}

std::uint32_t address_of(const void* memory) {
    auto offset = static_cast<std::uintptr_t>(static_cast<const std::byte*>(memory) - host::bytes());
    return offset < host::memory_end ? static_cast<std::uint32_t>(offset) : kElsewhere;
}

}  // namespace platform
