// Real scripts: each must be read to its end, and each of its lines must at least expand. They are not part
// of the project: SANPIPER_CORPUS names their folder, or ../shared/corpus is there; else these tests are
// skipped.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "scripts/expand.h"
#include "scripts/lexer.h"
#include "tests/unit/scripts/test_system.h"

namespace scripts {
namespace {

std::filesystem::path corpus() {
    const char* named = std::getenv("SANPIPER_CORPUS");
    if (named) return named;
    return std::filesystem::is_directory("../shared/corpus") ? "../shared/corpus" : "../../shared/corpus";
}

TEST(Corpus, EveryScriptParses) {
    if (!std::filesystem::is_directory(corpus())) GTEST_SKIP() << "no corpus of scripts here";
    Settings settings;
    unsigned scripts = 0;
    for (const auto& file : std::filesystem::directory_iterator(corpus())) {
        if (file.path().extension() != ".ipxe") continue;
        std::ifstream in(file.path(), std::ios::binary);
        std::stringstream content;
        content << in.rdbuf();
        std::string text = content.str();
        ++scripts;
        LineReader lines(text);
        while (!lines.at_end()) {
            auto line = lines.next();
            ASSERT_TRUE(line.ok()) << file.path();
            auto label = label_of(line.value().text);
            EXPECT_TRUE(label.empty() || LineReader(text).go_to(label));
            WordReader words(line.value().text);
            for (Word word = words.next(); word.kind != WordKind::End; word = words.next()) {
                util::String expanded;
                EXPECT_TRUE(expand(settings, word.text, expanded).ok()) << file.path();
            }
        }
    }
    EXPECT_GT(scripts, 0u);
}

// On a machine without a network, with somebody at the keyboard who presses one key all the time.
void run_with_key(const std::filesystem::path& path, std::string_view key) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream content;
    content << in.rdbuf();
    host::reset();
    TestSystem machine;
    std::string keys;
    for (int i = 0; i < 1000; ++i) keys += key;
    for (int i = 0; i < 2000; ++i) keys += "\x03\x04";  // whatever goes on then: Ctrl-C ends it, or Ctrl-D the shell
    host::type(keys);
    try {
        (void)machine.run(content.str(), path.filename().string());
    } catch (const host::Rebooted&) {
    }
    std::string shown = host::console_output();
    for (const char* never : {"no such option", "settings refer to themselves", "too many ${"})
        EXPECT_EQ(shown.find(never), shown.npos) << path << ": " << shown;
}

TEST(Corpus, EveryScriptRunsToAnEnd) {
    if (!std::filesystem::is_directory(corpus())) GTEST_SKIP() << "no corpus of scripts here";
    for (const auto& file : std::filesystem::directory_iterator(corpus())) {
        if (file.path().extension() != ".ipxe") continue;
        for (const char* key : {"", "\r", "\x04"}) run_with_key(file.path(), key);
    }
}

}  // namespace
}  // namespace scripts
