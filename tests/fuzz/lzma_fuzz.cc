// The LZMA decoder with any input: no more bytes than wanted, no access outside.
#include <memory>
#include <vector>

#include "util/lzma.h"
#include "util/x86_filter.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3) return 0;
    auto workspace = std::make_unique<util::LzmaWorkspace>();
    std::vector<std::uint8_t> target(data[1] * 16u + data[2]);
    util::LzmaInput input{data + 3, static_cast<std::uint32_t>(size - 3), data[0]};
    if (util::lzma_unpack(input, target.data(), static_cast<std::uint32_t>(target.size()), *workspace))
        util::x86_filter_decode(target.data(), static_cast<std::uint32_t>(target.size()));
    return 0;
}
