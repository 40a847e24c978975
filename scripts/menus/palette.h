// Colours: what `colour` and `cpair` set, and what menus and forms are drawn with. Numbers are those of the established
// firmware's public reference.
#pragma once

#include <cstdint>

#include "util/text.h"

namespace scripts {

// What is drawn in a pair of its own.
enum class Pair : std::uint8_t { Default, Normal, Selected, Separator, Edit, Alert, Address, Pxe };

struct Palette {
    static constexpr unsigned kColours = 16, kPairs = 8;
    static constexpr std::uint8_t kTransparent = 9;  // the console's own

    // ANSI colours 0 to 7, or kTransparent, by colour number. Numbers up to 7 are the basic colours if nobody changed them.
    std::uint8_t colours[kColours] = {0, 1, 2, 3, 4, 5, 6, 7, 0, 9, 2, 3, 4, 5, 6, 7};
    struct {
        std::uint8_t foreground, background;  // colour numbers
    } pairs[kPairs] = {{9, 9}, {7, 4}, {7, 1}, {6, 4}, {0, 6}, {7, 1}, {6, 4}, {0, 7}};

    // The sequence that switches to a pair (ECMA-48, SGR).
    void append(util::TextSink& text, Pair pair) const {
        const auto& colours_of = pairs[static_cast<unsigned>(pair)];
        text.text("\x1b[0;").text(pair == Pair::Normal || pair == Pair::Selected ? "1;3" : "3");
        text.decimal(colours[colours_of.foreground]).text(";4").decimal(colours[colours_of.background]).text("m");
    }
};

}  // namespace scripts
