#include "util/tools/mixing_pack.h"

#include <memory>

#include "util/mixing_model.h"

namespace tools {
namespace {

using util::MixingModel;

// What predicts images best, found by trying (tests/bench/SIZES.md).
using enum MixingModel::Feature;
constexpr std::uint8_t kContexts[] = {
    Place, Word | MixingModel::kLast,
    Byte1, Byte2, Place | MixingModel::kLast,
    Operation, Before2, Label, Word, Column | MixingModel::kLast,
    Place, StackDepth, Column | MixingModel::kLast,
    Instruction, Before1, Label, Displacement, Column | MixingModel::kLast,
    Byte2, Byte3, Operation, Label | MixingModel::kLast,
    Place, Operation | MixingModel::kLast,
    Byte1, Place, Displacement, Word | MixingModel::kLast,
    Byte1, Byte4, Operation, Label, Word | MixingModel::kLast,
    Byte1, Instruction, Before1, Before3 | MixingModel::kLast,
};

// Arithmetic coding as LZMA has it: `low_` is what the code is at least, and what lies above its 32 bits is carried into the
// bytes that went out.
class Encoder {
  public:
    explicit Encoder(std::vector<std::uint8_t>& out) : out_(out) {}
    void bit(std::uint32_t value, std::uint32_t probability) {
        auto bound = static_cast<std::uint32_t>(std::uint64_t{range_} * probability >> 16);
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
    std::uint32_t range_ = 0xffffffff;
};

}  // namespace

std::vector<std::uint8_t> mixing_pack(const std::vector<std::uint8_t>& bytes, std::uint32_t code_size, std::uint32_t data_end) {
    std::vector<std::uint8_t> out;
    out.push_back(static_cast<std::uint8_t>(std::size(kContexts)));
    std::uint32_t contexts = 0;
    for (std::uint8_t feature : kContexts) {
        out.push_back(feature);
        contexts += feature >= MixingModel::kLast;
    }

    auto model = std::make_unique<MixingModel>();  // zeroed
    std::vector<std::uint8_t> copy(bytes.size());
    model->start({kContexts, std::size(kContexts), contexts, copy.data(), code_size, data_end});
    Encoder encoder(out);
    for (std::uint8_t byte : bytes)
        for (int i = 7; i >= 0; --i) {
            std::uint32_t bit = byte >> i & 1;
            encoder.bit(bit, model->predict());
            model->update(bit);
        }
    encoder.finish();
    return out;
}

}  // namespace tools
