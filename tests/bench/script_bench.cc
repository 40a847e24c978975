// The boot script language: expansion of a word, and reading of a script.
#include <benchmark/benchmark.h>

#include <string>

#include "scripts/expand.h"
#include "scripts/lexer.h"

namespace {

void expand_word(benchmark::State& state) {
    scripts::Settings settings;
    settings.put("platform", "pcbios");
    settings.put("base", "http://server/boot");
    settings.put("pcbiospath", "${base}/pcbios");
    for (auto _ : state) {
        util::String expanded;
        benchmark::DoNotOptimize(
            scripts::expand(settings, "${${platform}path}/menu.ipxe?x=${base}", expanded).ok());
    }
}
BENCHMARK(expand_word);

void read_script(benchmark::State& state) {
    std::string script = "#!ipxe\n";
    for (int i = 0; i < 1000; ++i)
        script += "iseq ${net0/mac} 52:54:00:12:34:56 && goto label" + std::to_string(i) +
                  " || # no\n:label" + std::to_string(i) + "\n";
    for (auto _ : state) {
        scripts::LineReader lines(script);
        while (!lines.at_end()) {
            auto line = lines.next();
            scripts::WordReader words(line.value().text);
            while (words.next().kind != scripts::WordKind::End) {
            }
        }
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * script.size()));
}
BENCHMARK(read_script);

void find_label(benchmark::State& state) {
    std::string script = "#!ipxe\n";
    for (int i = 0; i < 1000; ++i) script += ":label" + std::to_string(i) + "\necho a line of some length\n";
    for (auto _ : state) {
        scripts::LineReader lines(script);
        benchmark::DoNotOptimize(lines.go_to("label999"));
    }
}
BENCHMARK(find_label);

}  // namespace
