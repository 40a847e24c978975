// Runs the benchmarks of all parts: `make bench-host`.
#include <benchmark/benchmark.h>

BENCHMARK_MAIN();
