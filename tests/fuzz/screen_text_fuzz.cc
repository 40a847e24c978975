// Any bytes as a line of a menu: nothing leaves its place, whatever the text says.
#include <cstdint>

#include "scripts/menus/screen.h"
#include "scripts/menus/screen_text.h"
#include "tests/host/host.h"
#include "tests/host/screen_picture.h"
#include "util/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr unsigned kRow = 10, kColumn = 5, kWidth = 20;
    std::string_view text(reinterpret_cast<const char*>(data), size);
    ASSERT(scripts::columns_of(text) <= size);
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
