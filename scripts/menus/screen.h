// The screen that menus and forms are drawn on: as large as the console says that all can see (platform::console_size), which is
// 80 columns and 24 lines on the BIOS's screen and most terminals. Drawn with nothing but VT100 sequences. Rows and columns count from 1.
#pragma once

#include <platform/console.h>

#include <string_view>

#include "scripts/menus/palette.h"

namespace scripts {

class Screen {
  public:
    static constexpr unsigned kFirstRow = 4;  // for items
    // Smaller ones are drawn on as if they were as large as this, and what does not fit is the console's to cut off.
    static constexpr unsigned kFewestColumns = 40, kFewestRows = 8;
    static constexpr unsigned kMostColumns = 240;

    // Clears it and draws title and what went wrong last, if it has not been seen in such a place yet.
    Screen(const Palette& palette, std::string_view title, std::string_view error);
    Screen(const Screen&) = delete;
    // Clears it: what comes next is not a menu's.
    ~Screen();

    unsigned columns() const { return size_.columns; }
    unsigned rows() const { return size_.rows; }
    // Below the items is a row that says whether there are more, one for what happened and an empty one.
    unsigned last_row() const { return size_.rows - 3; }
    unsigned visible() const { return last_row() - kFirstRow + 1; }  // items

    // One line of `width` columns at a place: cut off or filled up. The text may have colours of its own (screen_text.h). The character
    // at `marked`, if it is in the text, is underlined.
    void line(unsigned row, unsigned column, unsigned width, Pair pair, std::string_view text,
              std::size_t marked = std::string_view::npos) const;
    void centred(unsigned row, Pair pair, std::string_view text) const;
    // Whether there is more above and below the items that are seen.
    void draw_ends(bool above, bool below) const;
    void place_cursor(unsigned row, unsigned column) const;

  private:
    const Palette& palette_;
    platform::TextSize size_;
};

// Which items are seen of a long list: the first one, so that `selected` is among them.
std::size_t scrolled(std::size_t first, std::size_t selected, std::size_t visible);

}  // namespace scripts
