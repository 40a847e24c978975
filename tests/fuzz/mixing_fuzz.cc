// The unpacker of small images with any input: no more bytes than wanted, no access outside.
#include <cstring>
#include <memory>
#include <vector>

#include "util/addresses.h"
#include "util/mixing.h"
#include "util/x86_branches.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 4) return 0;
    // Zeroed by the system, where only what is touched costs time: the model is large.
    auto model = std::make_unique<util::MixingModel>();
    std::vector<std::uint8_t> target(data[0] * 2u);
    std::uint32_t code_size = data[1] * 2u < target.size() ? data[1] * 2u : static_cast<std::uint32_t>(target.size());
    util::MixingInput input{data + 3, static_cast<std::uint32_t>(size - 3), code_size, data[2] * 2u};
    std::vector<std::uint32_t> room(util::x86_branches_room(static_cast<std::uint32_t>(target.size())));
    if (util::mixing_unpack(input, target.data(), static_cast<std::uint32_t>(target.size()), *model))
        util::x86_branches_decode(target.data(), code_size, room.data());
    if (size - 3 <= target.size()) std::memcpy(target.data(), data + 3, size - 3);
    auto target_size = static_cast<std::uint32_t>(target.size());
    auto functions = util::x86_branches_decode(target.data(), target_size, room.data());
    util::addresses_decode({target.data(), target_size, static_cast<std::uint32_t>(data[2]) << 24 | 1u << 20, code_size, target_size, functions}, 0);
    return 0;
}
