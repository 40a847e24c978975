// The boot script language: expansion of a word, reading of a script, a long menu.
#include <benchmark/benchmark.h>

#include <string>

#include "scripts/expand.h"
#include "scripts/lexer.h"
#include "scripts/menus/menu_screen.h"
#include "tests/host/host.h"

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

// A loop at the end of a script of 400 KB: 2 labels, gone to by turns.
void loop_in_a_long_script(benchmark::State& state) {
    std::string script = "#!ipxe\n";
    for (int i = 0; script.size() < 400 * 1024; ++i) script += ":label" + std::to_string(i) + "\necho a line of some length\n";
    script += ":loop\necho\n:next\ngoto loop\n";
    scripts::LineReader lines(script);
    for (auto _ : state) {
        benchmark::DoNotOptimize(lines.go_to("loop"));
        benchmark::DoNotOptimize(lines.go_to("next"));
    }
}
BENCHMARK(loop_in_a_long_script);

constexpr int kMenuItems = 1000;

scripts::Dialog long_menu() {
    scripts::Dialog menu;
    for (int i = 0; i < kMenuItems; ++i) {
        scripts::DialogItem item;
        std::string name = "item" + std::to_string(i);
        (void)item.name.assign(name);
        (void)item.text.assign("Start " + name + " with a text of some length");
        (void)menu.add(std::move(item));
    }
    return menu;
}

void make_long_menu(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(long_menu().items.size());
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * kMenuItems);
}
BENCHMARK(make_long_menu);

// Drawn, left at its end, and once through it by pages.
void use_long_menu(benchmark::State& state) {
    scripts::Dialog menu = long_menu();
    scripts::Palette palette;
    util::Loop loop;
    for (auto _ : state) {
        host::console_output().clear();
        host::type_key(platform::kKeyEnd);
        for (int i = 0; i < kMenuItems / 17; ++i) host::type_key(platform::kKeyPageUp);
        host::type_key('\r');
        scripts::Screen screen(palette, "A long menu", {});
        benchmark::DoNotOptimize(scripts::MenuScreen(loop, screen, menu).choose("item500", {}).ok());
    }
}
BENCHMARK(use_long_menu);

}  // namespace
