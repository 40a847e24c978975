#include "scripts/menus/screen_text.h"

#include "scripts/characters.h"

namespace scripts {

static constexpr char kEscape = 0x1b;
static constexpr std::size_t kLongestColour = 32;

ScreenText::Piece ScreenText::next() {
    while (at_ < text_.size()) {
        std::size_t at = at_;
        auto byte = static_cast<std::uint8_t>(text_[at]);
        if (byte == kEscape) {
            std::string_view colour = take_colour();
            if (!colour.empty()) return {Piece::Kind::Colour, 0, colour, at};
            continue;
        }
        Character character = character_at(text_, at);
        at_ += character.size;
        return {Piece::Kind::Character, byte >= ' ' && byte != 0x7f ? character.shown : ' ', {}, at};
    }
    return {};
}

// A control sequence (ECMA-48, section 5.4): parameters up to 3Fh, then the byte that says what it is. Empty for all but colours ("m").
std::string_view ScreenText::take_colour() {
    std::size_t begin = at_++;
    if (at_ == text_.size() || text_[at_++] != '[') return {};
    while (at_ < text_.size() && text_[at_] >= ' ' && text_[at_] < 0x40) ++at_;
    if (at_ == text_.size()) return {};
    bool is_colour = text_[at_++] == 'm' && at_ - begin <= kLongestColour;
    return is_colour ? text_.substr(begin, at_ - begin) : std::string_view();
}

std::size_t columns_of(std::string_view text) {
    ScreenText pieces(text);
    std::size_t columns = 0;
    for (;;) {
        auto piece = pieces.next();
        if (piece.kind == ScreenText::Piece::Kind::End) return columns;
        columns += piece.kind == ScreenText::Piece::Kind::Character;
    }
}

std::size_t find_shown(std::string_view text, char character) {
    ScreenText pieces(text);
    for (;;) {
        auto piece = pieces.next();
        if (piece.kind == ScreenText::Piece::Kind::End) return std::string_view::npos;
        if (piece.kind == ScreenText::Piece::Kind::Character && piece.shown == character) return piece.at;
    }
}

}  // namespace scripts
