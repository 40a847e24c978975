// <platform/io.h>: ports and memory-mapped registers. The firmware's side: the instructions themselves.
#pragma once

#include <cstdint>

namespace platform {

inline std::uint8_t in8(std::uint16_t port) {
    std::uint8_t value;
    asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}
inline std::uint16_t in16(std::uint16_t port) {
    std::uint16_t value;
    asm volatile("inw %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}
inline std::uint32_t in32(std::uint16_t port) {
    std::uint32_t value;
    asm volatile("inl %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}
inline void out8(std::uint16_t port, std::uint8_t value) {
    asm volatile("outb %0, %1" ::"a"(value), "Nd"(port) : "memory");
}
inline void out16(std::uint16_t port, std::uint16_t value) {
    asm volatile("outw %0, %1" ::"a"(value), "Nd"(port) : "memory");
}
inline void out32(std::uint16_t port, std::uint32_t value) {
    asm volatile("outl %0, %1" ::"a"(value), "Nd"(port) : "memory");
}

// A mapped register window. Addresses are bus addresses, and the firmware's own: memory is flat. A window above 4 GiB
// cannot be reached.
class Mmio {
  public:
    constexpr Mmio() = default;
    explicit constexpr Mmio(std::uint64_t base) : base_(static_cast<std::uint32_t>(base)) {}
    std::uint8_t read8(std::uint32_t offset) const { return read<std::uint8_t>(offset); }
    std::uint16_t read16(std::uint32_t offset) const { return read<std::uint16_t>(offset); }
    std::uint32_t read32(std::uint32_t offset) const { return read<std::uint32_t>(offset); }
    void write8(std::uint32_t offset, std::uint8_t value) const { write(offset, value); }
    void write16(std::uint32_t offset, std::uint16_t value) const { write(offset, value); }
    void write32(std::uint32_t offset, std::uint32_t value) const { write(offset, value); }

  private:
    // The asm keeps the compiler from moving other memory accesses across.
    template <class T>
    T read(std::uint32_t offset) const {
        T value = *reinterpret_cast<const volatile T*>(base_ + offset);
        asm volatile("" ::: "memory");
        return value;
    }
    template <class T>
    void write(std::uint32_t offset, T value) const {
        asm volatile("" ::: "memory");
        *reinterpret_cast<volatile T*>(base_ + offset) = value;
    }
    std::uint32_t base_ = 0;
};

}  // namespace platform
