// Unpacking: what stands between power-on and the banner. The sample is this program's own code, packed as the image
// packer does.
#include <benchmark/benchmark.h>
#include <lzma.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

#include "util/lzma.h"
#include "util/mixing.h"
#include "util/tools/mixing_pack.h"

namespace {

using Buffer = std::vector<std::uint8_t>;
constexpr std::size_t kSampleSize = 192 * 1024;  // about an image

Buffer sample() {
    std::ifstream self("/proc/self/exe", std::ios::binary);
    Buffer bytes{std::istreambuf_iterator<char>(self), {}};
    bytes.resize(std::min(bytes.size(), kSampleSize));
    return bytes;
}

Buffer pack(const Buffer& bytes, std::uint8_t& properties) {
    lzma_options_lzma options;
    lzma_lzma_preset(&options, 9 | LZMA_PRESET_EXTREME);
    properties = static_cast<std::uint8_t>((options.pb * 5 + options.lp) * 9 + options.lc);
    const lzma_filter filters[] = {{LZMA_FILTER_LZMA1, &options}, {LZMA_VLI_UNKNOWN, nullptr}};
    Buffer packed(bytes.size() * 2);
    std::size_t used = 0;
    if (lzma_raw_buffer_encode(filters, nullptr, bytes.data(), bytes.size(), packed.data(), &used, packed.size()) != LZMA_OK)
        used = 0;
    packed.resize(used);
    return packed;
}

void unpacking(benchmark::State& state) {
    Buffer bytes = sample();
    std::uint8_t properties = 0;
    Buffer packed = pack(bytes, properties);
    Buffer target(bytes.size());
    auto workspace = std::make_unique<util::LzmaWorkspace>();
    for (auto _ : state) {
        util::LzmaInput input{packed.data(), static_cast<std::uint32_t>(packed.size()), properties};
        if (!util::lzma_unpack(input, target.data(), static_cast<std::uint32_t>(target.size()), *workspace) ||
            target != bytes)
            state.SkipWithError("unpacked wrongly");
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
}
BENCHMARK(unpacking);

void unpacking_mixing(benchmark::State& state) {
    Buffer bytes = sample();
    auto size = static_cast<std::uint32_t>(bytes.size());
    Buffer packed = tools::mixing_pack(bytes, size, size);
    Buffer target(bytes.size());
    for (auto _ : state) {
        auto model = std::make_unique<util::MixingModel>();
        util::MixingInput input{packed.data(), static_cast<std::uint32_t>(packed.size()), size, size};
        if (!util::mixing_unpack(input, target.data(), size, *model) || target != bytes) state.SkipWithError("unpacked wrongly");
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
}
BENCHMARK(unpacking_mixing)->Unit(benchmark::kMillisecond);

}  // namespace
