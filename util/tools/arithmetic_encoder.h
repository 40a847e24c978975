// Arithmetic coding as LZMA has it: `low_` is what the code is at least, and what lies above its 32 bits is carried into the
// bytes that went out.
#pragma once

#include <cstdint>
#include <vector>

namespace tools {

class ArithmeticEncoder {
  public:
    ArithmeticEncoder(std::vector<std::uint8_t>& out, std::uint32_t range) : out_(out), range_(range) {}
    std::uint32_t range() const { return range_; }  // at least 2^24
    // `bound`: how much of the range is for a 1.
    void bit(std::uint32_t value, std::uint32_t bound) {
        if (value) {
            range_ = bound;
        } else {
            low_ += bound;
            range_ -= bound;
        }
        for (; range_ < 1u << 24; range_ <<= 8) shift_out();
    }
    void finish() {
        for (int i = 0; i < 4; ++i) shift_out();
    }

  private:
    void shift_out() {
        if (low_ >> 32)
            for (auto at = out_.end(); ++*--at == 0;) {}
        out_.push_back(static_cast<std::uint8_t>(low_ >> 24));
        low_ = static_cast<std::uint32_t>(low_ << 8);
    }

    std::vector<std::uint8_t>& out_;
    std::uint64_t low_ = 0;
    std::uint32_t range_;
};

}  // namespace tools
