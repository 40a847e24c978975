// The Internet checksum, by size: an ACK's header, a full frame, a jumbo's worth.
#include <benchmark/benchmark.h>

#include <vector>

#include "net/checksum.h"

static void Checksum(benchmark::State& state) {
    std::vector<std::byte> data(static_cast<std::size_t>(state.range(0)), std::byte{0x5a});
    for (auto _ : state) benchmark::DoNotOptimize(net::checksum_of(data));
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(Checksum)->Arg(20)->Arg(1460)->Arg(9000);
