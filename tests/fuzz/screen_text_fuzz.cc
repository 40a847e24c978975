// Any bytes as a line of a menu, and as what is typed into a field: nothing leaves its place, whatever the text says, and no character is
// ever split.
#include <cstdint>

#include <platform/console.h>

#include "scripts/characters.h"
#include "scripts/line_buffer.h"
#include "scripts/menus/screen.h"
#include "scripts/menus/screen_text.h"
#include "tests/host/host.h"
#include "tests/host/screen_picture.h"
#include "util/assert.h"

namespace {

void check_places(std::string_view text) {
    text = text.substr(0, 256);
    std::size_t count = scripts::count_characters(text), at = 0;
    for (std::size_t i = 0; i < count; ++i) {
        ASSERT(at < text.size() && scripts::behind_characters(text, 0, i) == at && scripts::character_boundary(text, at) == at);
        at = scripts::behind_characters(text, at, 1);
    }
    ASSERT(at == text.size());
}

// Every byte is a key; those that edit are among them more often than a fuzzer would have them.
void edit(std::string_view keys) {
    constexpr int kEditing[] = {platform::kKeyLeft, platform::kKeyRight, platform::kKeyHome, platform::kKeyEnd, platform::kKeyDelete, 8};
    constexpr std::size_t kColumns = 7;
    scripts::LineBuffer line;
    for (char c : keys.substr(0, 512)) {
        auto byte = static_cast<std::uint8_t>(c);
        ASSERT(line.take_key(byte < 6 ? kEditing[byte] : byte).ok());
        ASSERT(line.cursor() <= line.text().size() && scripts::character_boundary(line.text(), line.cursor()) == line.cursor());
        auto seen = line.seen(kColumns);
        std::size_t shown = scripts::count_characters(seen.text), first = static_cast<std::size_t>(seen.text.data() - line.text().data());
        ASSERT(shown <= kColumns && seen.cursor <= shown && seen.cursor < kColumns);
        ASSERT(scripts::character_boundary(line.text(), first) == first);
        util::Text<kColumns> text;
        scripts::append_shown(text, seen.text);
        ASSERT(!text.truncated() && text.view().size() == shown);
        for (char each : text.view()) ASSERT(static_cast<std::uint8_t>(each) >= ' ' && each != 0x7f);
    }
    check_places(line.text());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr unsigned kRow = 10, kColumn = 5, kWidth = 20;
    std::string_view text(reinterpret_cast<const char*>(data), size);
    ASSERT(scripts::columns_of(text) <= size);
    check_places(text);
    edit(text);
    for (char c : {'m', 'A'}) {
        std::size_t at = scripts::find_shown(text, c);
        ASSERT(at == std::string_view::npos || text[at] == c || static_cast<std::uint8_t>(text[at]) >= 0x80);
    }
    host::console_output().clear();
    {
        scripts::Palette palette;
        scripts::Screen screen(palette, text, {});
        screen.line(kRow, kColumn, kWidth, scripts::Pair::Normal, text, size / 2);
        screen.place_cursor(1, 1);
    }
    auto picture = host::ScreenPicture(host::console_output()).before_clearing();
    for (unsigned row = 3; row <= 24; ++row) {
        std::string line = picture.line(row);
        if (row != kRow) ASSERT(line.empty());
        else ASSERT(line.size() <= kColumn - 1 + kWidth && line.find_first_not_of(' ') >= kColumn - 1);
    }
    return 0;
}
