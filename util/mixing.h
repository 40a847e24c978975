// Unpacks what is packed with MixingModel: images that must be as small as they can be. A quarter smaller than LZMA, and
// some ten times as slow; needs 10 MiB meanwhile.
//
//     size of the next part | features of the contexts (MixingModel::Shape) | arithmetic code
//
// Any stream is safe: it either yields exactly the wanted number of bytes or fails.
#pragma once

#include <cstdint>

#include "util/mixing_model.h"

namespace util {

struct MixingInput {
    const std::uint8_t* data;
    std::uint32_t size;
    std::uint32_t code_size;  // as MixingModel::Shape has them
    std::uint32_t data_end;
};

// The model's memory must be zero. False when the stream is damaged or ends early.
bool mixing_unpack(const MixingInput& input, std::uint8_t* target, std::uint32_t target_size, MixingModel& model);

}  // namespace util
