#include "util/mixing.h"

#include <platform/cpu.h>

namespace util {
namespace {

// Arithmetic decoding as LZMA has it (lzma.cc), with probabilities of 16 bits.
class Decoder {
  public:
    Decoder(const std::uint8_t* next, const std::uint8_t* end) : next_(next), end_(end) {
        for (int i = 0; i < 4; ++i) shift_in();
    }
    std::uint32_t bit(std::uint32_t probability) {
        auto bound = static_cast<std::uint32_t>(std::uint64_t{range_} * probability >> 16);
        std::uint32_t value = code_ < bound;
        if (value) {
            range_ = bound;
        } else {
            code_ -= bound;
            range_ -= bound;
        }
        for (; range_ < 1u << 24; range_ <<= 8) shift_in();
        return value;
    }
    bool ran_out() const { return ran_out_; }

  private:
    void shift_in() {
        code_ <<= 8;
        if (next_ < end_) code_ |= *next_++;
        else ran_out_ = true;
    }

    const std::uint8_t* next_;
    const std::uint8_t* end_;
    std::uint32_t range_ = 0xffffffff, code_ = 0;
    bool ran_out_ = false;
};

}  // namespace

bool mixing_unpack(const MixingInput& input, std::uint8_t* target, std::uint32_t target_size, MixingModel& model) {
    if (!input.size) return false;
    const std::uint8_t* features = input.data + 1;
    std::uint32_t features_size = *input.data;
    if (features_size >= input.size) return false;
    std::uint32_t contexts = 0;
    for (std::uint32_t i = 0; i < features_size; ++i) contexts += features[i] >= MixingModel::kLast;
    if (contexts > MixingModel::kMaxContexts) return false;
    model.start({features, features_size, contexts, target, input.code_size, input.data_end});
    Decoder decoder(features + features_size, input.data + input.size);
    for (std::uint32_t i = 0; i < target_size; ++i) {
        if (decoder.ran_out()) return false;
        if (!(i & 2047)) platform::cpu_forgets_translations();  // tables larger than an emulator expects
        for (unsigned bit = 0; bit < 8; ++bit) model.update(decoder.bit(model.predict()));
    }
    return !decoder.ran_out();
}

}  // namespace util
