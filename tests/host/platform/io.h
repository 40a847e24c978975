// <platform/io.h>: ports and memory-mapped registers. Host side: every access goes to the fake device that a test
// has put at that address (tests/host/fake_bus.h); an access nobody claims fails the test.
#pragma once

#include <cstdint>

namespace platform {

std::uint8_t in8(std::uint16_t port);
std::uint16_t in16(std::uint16_t port);
std::uint32_t in32(std::uint16_t port);
void out8(std::uint16_t port, std::uint8_t value);
void out16(std::uint16_t port, std::uint16_t value);
void out32(std::uint16_t port, std::uint32_t value);

// A mapped register window. Addresses are bus addresses.
class Mmio {
  public:
    constexpr Mmio() = default;
    explicit constexpr Mmio(std::uint64_t base) : base_(base) {}
    std::uint8_t read8(std::uint32_t offset) const;
    std::uint16_t read16(std::uint32_t offset) const;
    std::uint32_t read32(std::uint32_t offset) const;
    void write8(std::uint32_t offset, std::uint8_t value) const;
    void write16(std::uint32_t offset, std::uint16_t value) const;
    void write32(std::uint32_t offset, std::uint32_t value) const;

  private:
    std::uint64_t base_ = 0;
};

}  // namespace platform
