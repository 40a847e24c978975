// The screen that menus and forms are drawn on: 80 columns and 24 lines, which the BIOS's screen and every terminal have,
// drawn with nothing but VT100 sequences. Rows and columns count from 1.
#pragma once

#include <string_view>

#include "scripts/menus/palette.h"

namespace scripts {

class Screen {
  public:
    static constexpr unsigned kColumns = 80, kRows = 24;
    static constexpr unsigned kFirstRow = 4, kLastRow = 21;  // for items
    static constexpr unsigned kVisible = kLastRow - kFirstRow + 1;

    // Clears it and draws title and what went wrong last, if it has not been seen in such a place yet.
    Screen(const Palette& palette, std::string_view title, std::string_view error);
    Screen(const Screen&) = delete;
    // Clears it: what comes next is not a menu's.
    ~Screen();

    // One line of `width` columns at a place: cut off or filled up. The text may have colours of its own (screen_text.h). The character
    // at `marked`, if it is in the text, is underlined.
    void line(unsigned row, unsigned column, unsigned width, Pair pair, std::string_view text,
              std::size_t marked = std::string_view::npos) const;
    void centred(unsigned row, Pair pair, std::string_view text) const;
    void place_cursor(unsigned row, unsigned column) const;

  private:
    const Palette& palette_;
};

// Which items are seen of a long list: the first one, so that `selected` is among them.
std::size_t scrolled(std::size_t first, std::size_t selected, std::size_t visible);

}  // namespace scripts
