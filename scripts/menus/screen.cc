#include "scripts/menus/screen.h"

#include <algorithm>

#include "scripts/menus/screen_text.h"

namespace scripts {

static constexpr unsigned kTitleRow = 2;

// What is on its way to the console.
class Drawing final {
  public:
    ~Drawing() { flush(); }
    // With room for any piece: a pair's colours are the longest.
    util::TextSink& text() {
        constexpr std::size_t kLongestPiece = 80;
        if (text_.view().size() > kCapacity - kLongestPiece) flush();
        return text_;
    }

  private:
    static constexpr std::size_t kCapacity = 320;
    void flush() {
        platform::console_write(text_.view());
        text_.clear();
    }
    util::Text<kCapacity> text_;
};

static void append_place(util::TextSink& text, unsigned row, unsigned column) {
    text.text("\x1b[").decimal(row).text(";").decimal(column).text("H");
}

Screen::Screen(const Palette& palette, std::string_view title, std::string_view error) : palette_(palette), size_(platform::console_size()) {
    size_.columns = std::clamp(size_.columns, kFewestColumns, kMostColumns);
    size_.rows = std::max(size_.rows, kFewestRows);
    {
        Drawing drawing;
        palette_.append(drawing.text(), Pair::Normal);
        drawing.text().text("\x1b[2J");
    }
    centred(kTitleRow, Pair::Normal, title);
    if (!error.empty()) line(rows() - 1, 2, columns() - 2, Pair::Alert, error);
}

Screen::~Screen() {
    Drawing drawing;
    palette_.append(drawing.text(), Pair::Default);
    drawing.text().text("\x1b[2J\x1b[H");
}

void Screen::line(unsigned row, unsigned column, unsigned width, Pair pair, std::string_view text, std::size_t marked) const {
    using Kind = ScreenText::Piece::Kind;
    Drawing drawing;
    append_place(drawing.text(), row, column);
    palette_.append(drawing.text(), pair);
    ScreenText pieces(text);
    unsigned filled = 0;
    bool coloured = false;
    for (auto piece = pieces.next(); piece.kind != Kind::End && filled < width; piece = pieces.next()) {
        if (piece.kind == Kind::Colour) {
            // To the console's own colours (SGR 0) means to the menu's.
            if (util::equal(piece.text, "\x1b[0m")) palette_.append(drawing.text(), pair);
            else drawing.text().text(piece.text);
            coloured = true;
            continue;
        }
        ++filled;
        if (piece.at == marked) drawing.text().text("\x1b[4m").character(piece.shown).text("\x1b[24m");
        else drawing.text().character(piece.shown);
    }
    // The text's colours end with it.
    if (coloured) palette_.append(drawing.text(), pair);
    for (; filled < width; ++filled) drawing.text().character(' ');
}

void Screen::centred(unsigned row, Pair pair, std::string_view text) const {
    unsigned width = static_cast<unsigned>(std::min<std::size_t>(columns_of(text), columns() - 2));
    line(row, 1 + (columns() - width) / 2, width, pair, text);
}

void Screen::draw_ends(bool above, bool below) const {
    constexpr std::string_view kMore = "...", kNoMore = "   ";
    centred(kFirstRow - 1, Pair::Separator, above ? kMore : kNoMore);
    centred(last_row() + 1, Pair::Separator, below ? kMore : kNoMore);
}

void Screen::place_cursor(unsigned row, unsigned column) const {
    Drawing drawing;
    append_place(drawing.text(), row, column);
}

std::size_t scrolled(std::size_t first, std::size_t selected, std::size_t visible) {
    if (selected < first) return selected;
    return selected - first < visible ? first : selected - visible + 1;
}

}  // namespace scripts
