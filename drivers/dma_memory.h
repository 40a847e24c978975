// Memory that a device reads and writes, owned: rings.
#pragma once

#include <platform/dma.h>

#include <utility>

#include "util/result.h"

namespace drivers {

class DmaMemory {
  public:
    DmaMemory() = default;
    DmaMemory(DmaMemory&& other) : bytes_(std::exchange(other.bytes_, {})) {}
    DmaMemory& operator=(DmaMemory&& other) {
        if (this != &other) {
            release();
            bytes_ = std::exchange(other.bytes_, {});
        }
        return *this;
    }
    ~DmaMemory() { release(); }

    // Zeroed. Failure: kOutOfMemory.
    static util::Result<DmaMemory> allocate(std::size_t size, std::size_t alignment) {
        DmaMemory memory;
        memory.bytes_ = platform::dma_allocate(size, alignment);
        if (memory.bytes_.empty()) return util::kOutOfMemory;
        return memory;
    }
    void release() {
        if (!bytes_.empty()) platform::dma_free(std::exchange(bytes_, {}));
    }

    std::byte* data() const { return bytes_.data(); }
    std::size_t size() const { return bytes_.size(); }
    std::uint64_t bus_address() const { return platform::bus_address(bytes_.data()); }
    std::uint32_t bus_address_low() const { return static_cast<std::uint32_t>(bus_address()); }
    std::uint32_t bus_address_high() const { return static_cast<std::uint32_t>(bus_address() >> 32); }

  private:
    util::MutableBytes bytes_;
};

}  // namespace drivers
