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

namespace scripts {
namespace {

std::filesystem::path corpus() {
    const char* named = std::getenv("SANPIPER_CORPUS");
    return named ? named : "../shared/corpus";
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

}  // namespace
}  // namespace scripts
