#include "scripts/menus/screen_text.h"

#include <cstdint>

namespace scripts {

static constexpr char kEscape = 0x1b;
static constexpr std::size_t kLongestColour = 32;

// Latin letters from U+00C0 on, without what they carry.
static constexpr char kLatin[] = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty";
static_assert(sizeof kLatin == 64 + 1);

ScreenText::Piece ScreenText::next() {
    while (at_ < text_.size()) {
        std::size_t at = at_;
        auto byte = static_cast<std::uint8_t>(text_[at]);
        if (byte == kEscape) {
            std::string_view colour = take_colour();
            if (!colour.empty()) return {Piece::Kind::Colour, 0, colour, at};
            continue;
        }
        if (byte >= 0x80) return {Piece::Kind::Character, take_beyond_ascii(), {}, at};
        ++at_;
        return {Piece::Kind::Character, byte >= ' ' && byte != 0x7f ? static_cast<char>(byte) : ' ', {}, at};
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

char ScreenText::take_beyond_ascii() {
    auto lead = static_cast<std::uint8_t>(text_[at_++]);
    std::size_t more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    std::uint32_t character = lead & (0x3fu >> more);
    bool valid = lead >= 0xc2 && lead <= 0xf4 && text_.size() - at_ >= more;
    for (std::size_t i = 0; valid && i < more; ++i) {
        auto byte = static_cast<std::uint8_t>(text_[at_ + i]);
        valid = (byte & 0xc0) == 0x80;
        character = character << 6 | (byte & 0x3f);
    }
    if (!valid) return static_cast<char>(lead);
    at_ += more;
    if (character == 0xa0) return ' ';
    return character >= 0xc0 && character <= 0xff ? kLatin[character - 0xc0] : '?';
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
