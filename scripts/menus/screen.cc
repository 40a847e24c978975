#include "scripts/menus/screen.h"

#include <platform/console.h>

#include <algorithm>

#include "scripts/menus/screen_text.h"

namespace scripts {

static constexpr unsigned kTitleRow = 2, kErrorRow = 23;

using Drawing = util::Text<4 * Screen::kColumns>;

static void append_place(util::TextSink& text, unsigned row, unsigned column) {
    text.text("\x1b[").decimal(row).text(";").decimal(column).text("H");
}

Screen::Screen(const Palette& palette, std::string_view title, std::string_view error) : palette_(palette) {
    Drawing drawing;
    palette_.append(drawing, Pair::Normal);
    drawing.text("\x1b[2J");
    platform::console_write(drawing.view());
    centred(kTitleRow, Pair::Normal, title);
    if (!error.empty()) line(kErrorRow, 2, kColumns - 2, Pair::Alert, error);
}

Screen::~Screen() {
    Drawing drawing;
    palette_.append(drawing, Pair::Default);
    drawing.text("\x1b[2J\x1b[H");
    platform::console_write(drawing.view());
}

void Screen::line(unsigned row, unsigned column, unsigned width, Pair pair, std::string_view text, std::size_t marked) const {
    using Kind = ScreenText::Piece::Kind;
    Drawing drawing;
    append_place(drawing, row, column);
    palette_.append(drawing, pair);
    ScreenText pieces(text);
    unsigned filled = 0;
    bool coloured = false;
    for (auto piece = pieces.next(); piece.kind != Kind::End && filled < width; piece = pieces.next()) {
        if (drawing.view().size() > Screen::kColumns) {  // there is room for any piece
            platform::console_write(drawing.view());
            drawing.clear();
        }
        if (piece.kind == Kind::Colour) {
            // To the console's own colours (SGR 0) means to the menu's.
            if (util::equal(piece.text, "\x1b[0m")) palette_.append(drawing, pair);
            else drawing.text(piece.text);
            coloured = true;
            continue;
        }
        ++filled;
        if (piece.at == marked) drawing.text("\x1b[4m").character(piece.shown).text("\x1b[24m");
        else drawing.character(piece.shown);
    }
    // The text's colours end with it.
    if (coloured) palette_.append(drawing, pair);
    for (; filled < width; ++filled) drawing.character(' ');
    platform::console_write(drawing.view());
}

void Screen::centred(unsigned row, Pair pair, std::string_view text) const {
    unsigned width = static_cast<unsigned>(std::min<std::size_t>(columns_of(text), kColumns - 2));
    line(row, 1 + (kColumns - width) / 2, width, pair, text);
}

void Screen::place_cursor(unsigned row, unsigned column) const {
    Drawing drawing;
    append_place(drawing, row, column);
    platform::console_write(drawing.view());
}

std::size_t scrolled(std::size_t first, std::size_t selected, std::size_t visible) {
    if (selected < first) return selected;
    return selected - first < visible ? first : selected - visible + 1;
}

}  // namespace scripts
