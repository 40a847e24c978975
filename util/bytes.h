// Bytes on the wire: fields with a fixed byte order and alignment 1, and bounds-safe reading and writing.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "util/assert.h"

namespace util {

using Bytes = std::span<const std::byte>;
using MutableBytes = std::span<std::byte>;

// Bytes that a function keeps on the stack. They are `unsigned char`, the one type of which gcc knows at link time that it makes a
// buffer, so that the function gets a canary (arch/README.md).
template <std::size_t N>
class Buffer {
  public:
    operator MutableBytes() { return std::as_writable_bytes(std::span(bytes_)); }
    MutableBytes all() { return *this; }

  private:
    unsigned char bytes_[N];
};

inline Bytes as_bytes(std::string_view text) { return std::as_bytes(std::span(text)); }
inline std::string_view as_text(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The value with its bytes swapped unless the machine has that order already: one instruction on an i486.
template <std::endian order, std::unsigned_integral T>
[[gnu::always_inline]] constexpr T in_order(T value) {
    if constexpr (order == std::endian::native || sizeof(T) == 1) return value;
    else if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
    else if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
    else return __builtin_bswap64(value);
}

// Big-endian field: network order. Wire structs are seen in bytes of any type, at any address: fields are may_alias and
// aligned(1), which costs one instruction; an array of bytes costs a copy first.
template <std::unsigned_integral T>
class [[gnu::may_alias]] Be {
  public:
    constexpr Be() = default;
    [[gnu::always_inline]] constexpr Be(T value) : raw_(in_order<std::endian::big>(value)) {}
    [[gnu::always_inline]] constexpr operator T() const { return get(); }
    [[gnu::always_inline]] constexpr T get() const { return in_order<std::endian::big>(raw_); }
    [[gnu::always_inline]] constexpr void set(T value) { raw_ = in_order<std::endian::big>(value); }

  private:
    typedef T Unaligned __attribute__((__aligned__(1), __may_alias__));
    Unaligned raw_ = 0;
};

// Little-endian field: PCI, disks, BIOS tables.
template <std::unsigned_integral T>
class [[gnu::may_alias]] Le {
  public:
    constexpr Le() = default;
    [[gnu::always_inline]] constexpr Le(T value) : raw_(in_order<std::endian::little>(value)) {}
    [[gnu::always_inline]] constexpr operator T() const { return get(); }
    [[gnu::always_inline]] constexpr T get() const { return in_order<std::endian::little>(raw_); }
    [[gnu::always_inline]] constexpr void set(T value) { raw_ = in_order<std::endian::little>(value); }

  private:
    typedef T Unaligned __attribute__((__aligned__(1), __may_alias__));
    Unaligned raw_ = 0;
};

using Be16 = Be<std::uint16_t>;
using Be32 = Be<std::uint32_t>;
using Be64 = Be<std::uint64_t>;
using Le16 = Le<std::uint16_t>;
using Le32 = Le<std::uint32_t>;
using Le64 = Le<std::uint64_t>;
static_assert(sizeof(Be32) == 4 && alignof(Be32) == 1);

template <class T>
concept WireStruct = std::is_trivially_copyable_v<T> && alignof(T) == 1;

// The wire struct at the front of data, without a copy; nullptr when there is too little. Wire structs consist of
// bytes, so any bytes are one.
template <WireStruct T>
const T* view_as(Bytes data) {
    return data.size() < sizeof(T) ? nullptr : reinterpret_cast<const T*>(data.data());
}
template <WireStruct T>
T* view_as(MutableBytes data) {
    return data.size() < sizeof(T) ? nullptr : reinterpret_cast<T*>(data.data());
}

// Sticky-fail reader. Past the end it yields zeros (and empty views) and remembers; check ok() once.
class Reader {
  public:
    constexpr explicit Reader(Bytes data) : rest_(data) {}

    bool ok() const { return ok_; }
    void fail() {
        ok_ = false;
        rest_ = {};
    }
    std::size_t remaining() const { return rest_.size(); }
    Bytes rest() const { return rest_; }

    std::uint8_t u8() { return read<std::uint8_t, true>(); }
    std::uint16_t be16() { return read<std::uint16_t, true>(); }
    std::uint32_t be32() { return read<std::uint32_t, true>(); }
    std::uint64_t be64() { return read<std::uint64_t, true>(); }
    std::uint16_t le16() { return read<std::uint16_t, false>(); }
    std::uint32_t le32() { return read<std::uint32_t, false>(); }
    std::uint64_t le64() { return read<std::uint64_t, false>(); }

    // A copy of a wire struct; zeros when there is too little.
    template <WireStruct T>
    T take() {
        T value{};
        Bytes source = bytes(sizeof(T));
        if (source.size() == sizeof(T)) std::memcpy(&value, source.data(), sizeof(T));
        return value;
    }
    Bytes bytes(std::size_t count) {
        if (count > rest_.size()) {
            fail();
            return {};
        }
        Bytes taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }
    void skip(std::size_t count) { (void)bytes(count); }

  private:
    template <class T, bool big>
    T read() {
        if constexpr (big) return take<Be<T>>();
        return take<Le<T>>();
    }
    Bytes rest_;
    bool ok_ = true;
};

// Sticky-fail writer into a given buffer: what does not fit is not written and is remembered.
class Writer {
  public:
    constexpr explicit Writer(MutableBytes buffer) : buffer_(buffer) {}

    bool ok() const { return ok_; }
    std::size_t size() const { return used_; }
    std::size_t room() const { return buffer_.size() - used_; }
    MutableBytes written() const { return buffer_.first(used_); }

    void u8(std::uint8_t value) { put<std::uint8_t, Be<std::uint8_t>>(value); }
    void be16(std::uint16_t value) { put<std::uint16_t, Be16>(value); }
    void be32(std::uint32_t value) { put<std::uint32_t, Be32>(value); }
    void be64(std::uint64_t value) { put<std::uint64_t, Be64>(value); }
    void le16(std::uint16_t value) { put<std::uint16_t, Le16>(value); }
    void le32(std::uint32_t value) { put<std::uint32_t, Le32>(value); }
    void le64(std::uint64_t value) { put<std::uint64_t, Le64>(value); }
    void bytes(Bytes source) {
        MutableBytes target = claim(source.size());
        if (!target.empty()) std::memcpy(target.data(), source.data(), source.size());
    }
    void text(std::string_view source) { bytes(as_bytes(source)); }
    void zeros(std::size_t count) {
        MutableBytes target = claim(count);
        if (!target.empty()) std::memset(target.data(), 0, count);
    }
    template <WireStruct T>
    void put_struct(const T& value) {
        bytes(std::as_bytes(std::span(&value, 1)));
    }

  private:
    template <class T, class Field>
    void put(T value) {
        Field field(value);
        bytes(std::as_bytes(std::span(&field, 1)));
    }
    MutableBytes claim(std::size_t count) {
        if (!ok_ || count > room()) {
            ok_ = false;
            return {};
        }
        MutableBytes target = buffer_.subspan(used_, count);
        used_ += count;
        return target;
    }
    MutableBytes buffer_;
    std::size_t used_ = 0;
    bool ok_ = true;
};

}  // namespace util
