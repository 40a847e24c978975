#include "util/tools/mixing_pack.h"

#include <cmath>
#include <memory>

#include "util/mixing_model.h"
#include "util/tools/arithmetic_encoder.h"

namespace tools {
namespace {

using util::MixingModel;

// What predicts images best, found by trying (tests/bench/SIZES.md).
using enum MixingModel::Feature;
constexpr std::uint8_t kContexts[] = {
    Place | MixingModel::kLast,
    Byte2, Operation | MixingModel::kLast,
    Operation, Before2, Label, Word | MixingModel::kLast,
    Place, StackDepth, Pushed, Column | MixingModel::kLast,
    Byte1, Operation, Before1, Label, Displacement | MixingModel::kLast,
    Byte4, Byte6, Place, Operation, Label, Word | MixingModel::kLast,
    Operation, Displacement, Column | MixingModel::kLast,
    Byte1, Place, Word | MixingModel::kLast,
    Byte1, Byte2, Operation, Instruction, Before1, Pushed | MixingModel::kLast,
    Byte1, Instruction, Before2, Before3, Word | MixingModel::kLast,
};

}  // namespace

std::vector<std::uint8_t> mixing_pack(const std::vector<std::uint8_t>& bytes, std::uint32_t code_size, std::uint32_t data_end,
                                      std::vector<double>* costs) {
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
    ArithmeticEncoder encoder(out, 0xffffffff);
    for (std::uint8_t byte : bytes) {
        double likely = 1;
        for (int i = 7; i >= 0; --i) {
            std::uint32_t bit = byte >> i & 1, one = model->predict();
            likely *= (bit ? one : 0x10000 - one) / 65536.0;
            encoder.bit(bit, static_cast<std::uint32_t>(std::uint64_t{encoder.range()} * one >> 16));
            model->update(bit);
        }
        if (costs) costs->push_back(-std::log2(likely) / 8);
    }
    encoder.finish();
    return out;
}

}  // namespace tools
