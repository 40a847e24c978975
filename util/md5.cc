#include "util/md5.h"

namespace util {
namespace {

constexpr std::uint8_t kRotations[] = {7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21};

// The constants of steps, 2^32 |sin(step)|, which as a table would be the largest part: sin(n + 1) = 2 cos(1) sin(n) - sin(n - 1),
// with 40 bits behind the point, which are enough for all 64.
class Sines {
  public:
    std::uint32_t next() {
        std::int64_t product = 0;
        for (std::uint64_t factor = kCosine; factor; factor >>= 1) product = (product + (factor & 1 ? sine_ : 0)) >> 1;
        std::int64_t following = product * 2 - before_;
        before_ = sine_;
        sine_ = following;
        return static_cast<std::uint32_t>((before_ < 0 ? -before_ : before_) >> 8);
    }

  private:
    static constexpr std::uint64_t kCosine = 0x2294501f6a1;  // cos(1), 42 bits behind the point
    std::int64_t sine_ = 0xd76aa47848, before_ = 0;          // sin(1), sin(0)
};

}  // namespace

void Md5::take_block() {
    Sines sines;
    std::uint32_t a = state_[0], b = state_[1], c = state_[2], d = state_[3];
    for (unsigned step = 0; step < 64; ++step) {
        unsigned round = step / 16;
        std::uint32_t mixed = d ^ (b & (c ^ d));
        unsigned word = step;
        if (round == 1) {
            mixed = c ^ (d & (b ^ c));
            word = step * 5 + 1;
        }
        if (round == 2) {
            mixed = b ^ c ^ d;
            word = step * 3 + 5;
        }
        if (round == 3) {
            mixed = c ^ (b | ~d);
            word = step * 7;
        }
        a += mixed + sines.next() + reinterpret_cast<const Le32*>(block_)[word % 16];
        a = b + std::rotl(a, kRotations[round * 4 + step % 4]);
        std::uint32_t last = d;
        d = c;
        c = b;
        b = a;
        a = last;
    }
    state_[0] += a;
    state_[1] += b;
    state_[2] += c;
    state_[3] += d;
}

void Md5::put(std::byte byte) {
    block_[size_++ % kBlock] = std::to_integer<std::uint8_t>(byte);
    if (size_ % kBlock == 0) take_block();
}

void Md5::update(Bytes data) {
    for (std::byte byte : data) put(byte);
}

Md5::Digest Md5::digest() const {
    Md5 end = *this;
    end.put(std::byte{0x80});
    while (end.size_ % kBlock != kBlock - sizeof(Le64)) end.put({});
    Le64 bits = std::uint64_t{size_} * 8;
    end.update(std::as_bytes(std::span(&bits, 1)));
    Digest digest;
    std::memcpy(digest.data(), end.state_, sizeof digest);
    return digest;
}

}  // namespace util
