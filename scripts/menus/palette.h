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
    static constexpr std::uint8_t kConsole = 9;  // the console's own: black, or the picture behind the text
    static constexpr std::uint8_t kMagic = 15;   // blue, but transparent over a picture
    static constexpr std::uint32_t kHasRgb = 1 << 24;

    // ANSI colours 0 to 7, or kConsole, or kMagic, by colour number. Numbers up to 7 are the basic colours if nobody changed them.
    std::uint8_t colours[kColours] = {0, 1, 2, 3, kMagic, 5, 6, 7, 0, kConsole, 2, 3, kMagic, 5, 6, 7};
    // The same for consoles that know any colour: 0xRRGGBB with kHasRgb, or 0.
    std::uint32_t rgb[kColours] = {};
    struct Colours {
        std::uint8_t foreground = kConsole, background = kConsole;  // colour numbers
    } pairs[kPairs] = {{9, 9}, {7, 4}, {7, 1}, {6, 4}, {0, 6}, {7, 1}, {6, 4}, {0, 7}};
    bool is_over_picture = false;

    static constexpr bool is_basic(std::uint64_t number) { return number <= 7 || number == kConsole || number == kMagic; }
    // The sequences that switch to a pair (ECMA-48, SGR).
    void append(util::TextSink& text, Pair pair) const {
        const Colours& colours_of = pairs[static_cast<unsigned>(pair)];
        text.text("\x1b[0;").text(pair == Pair::Normal || pair == Pair::Selected ? "1;3" : "3");
        text.decimal(basic(colours_of.foreground)).text(";4").decimal(basic(colours_of.background)).text("m");
        append_rgb(text, 38, rgb[colours_of.foreground]);
        append_rgb(text, 48, rgb[colours_of.background]);
    }

  private:
    unsigned basic(std::uint8_t colour) const {
        constexpr std::uint8_t kBlue = 4;
        std::uint8_t value = colours[colour];
        return value != kMagic ? value : is_over_picture ? kConsole : kBlue;
    }
    // In sequences of their own (ITU-T T.416): who does not know them drops them.
    static void append_rgb(util::TextSink& text, unsigned which, std::uint32_t colour) {
        if (!(colour & kHasRgb)) return;
        text.text("\x1b[").decimal(which).text(";2;").decimal(colour >> 16 & 255).text(";").decimal(colour >> 8 & 255);
        text.text(";").decimal(colour & 255).text("m");
    }
};

}  // namespace scripts
