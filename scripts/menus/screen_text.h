// Text for a menu's line, piece by piece: what takes a column of the screen, and colours, which take none. Texts come from scripts
// and from the network, so whatever else is in them - other control sequences, control characters - does nothing to the screen.
//
// A character is one piece and looks the same everywhere (characters.h); a control character is a blank.
#pragma once

#include <cstddef>
#include <string_view>

namespace scripts {

class ScreenText {
  public:
    explicit ScreenText(std::string_view text) : text_(text) {}

    struct Piece {
        enum class Kind : unsigned char { End, Character, Colour } kind;
        char shown;             // of a character
        std::string_view text;  // of a colour: its whole sequence, ESC [ ... m
        std::size_t at;         // where it begins in the text
    };
    Piece next();

  private:
    std::string_view take_colour();

    std::string_view text_;
    std::size_t at_ = 0;
};

// How many columns it takes.
std::size_t columns_of(std::string_view text);
// Where the character is shown first; npos when it is not.
std::size_t find_shown(std::string_view text, char character);

}  // namespace scripts
