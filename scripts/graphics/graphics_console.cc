#include "scripts/graphics/graphics_console.h"

#include <algorithm>

namespace scripts {

using platform::kFontHeight, platform::kFontWidth;

// The PC's text colours, in ANSI's order; the second eight are the bright ones.
static constexpr Colour kBasic[] = {0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa,
                                    0x555555, 0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff};
static constexpr std::uint8_t kBright = 8, kNoBasic = 8;

util::Result<util::Owned<GraphicsConsole>> GraphicsConsole::open(const platform::FrameBuffer& frame, const Area& area) {
    auto made = util::make_owned<GraphicsConsole>(Canvas(frame), area);
    if (!made.ok()) {
        platform::end_graphics();
        return made.failure();
    }
    GraphicsConsole& console = *made.value();
    std::size_t size = std::size_t{console.columns_} * console.rows_;
    TRY(console.wanted_.resize(size));
    TRY(console.shown_.resize(size));
    std::ranges::fill(console.wanted_, console.cell(' '));
    std::ranges::fill(console.shown_, console.cell(' '));
    console.canvas_.clear();
    platform::console_show_on(&console);
    return made;
}

GraphicsConsole::GraphicsConsole(const Canvas& canvas, const Area& area)
    : canvas_(canvas),
      area_(area),
      font_(platform::graphics_font()),
      columns_(area.width / kFontWidth),
      rows_(area.height / kFontHeight) {}

GraphicsConsole::~GraphicsConsole() {
    platform::console_show_on(nullptr);
    platform::end_graphics();
}

void GraphicsConsole::write(std::string_view text) {
    for (char c : text) put(c);
    draw_changes();
}

void GraphicsConsole::put(char c) {
    switch (parser_.feed(c)) {
        case util::AnsiParser::Event::None: return;
        case util::AnsiParser::Event::Command: return command();
        case util::AnsiParser::Event::Character: break;
    }
    switch (c) {
        case '\n': return new_line();
        case '\r': column_ = 0; return;
        case '\b': column_ -= column_ ? 1 : 0; return;
        case '\a': return;
    }
    print(c);
}

void GraphicsConsole::print(char c) {
    if (column_ >= columns_) new_line();
    wanted_[position()] = cell(c);
    ++column_;
}

void GraphicsConsole::new_line() {
    column_ = 0;
    if (++row_ < rows_) return;
    --row_;
    std::copy(wanted_.begin() + columns_, wanted_.end(), wanted_.begin());
    erase(position(), wanted_.size());
}

void GraphicsConsole::command() {
    std::size_t line = std::size_t{row_} * columns_, here = std::min(position(), line + columns_);
    unsigned what = parser_.parameter(0, 0);
    switch (parser_.command()) {
        case 'm': return select_graphics();
        case 'H':
            row_ = std::min(std::max(what, 1u), rows_) - 1;
            column_ = std::min(std::max(parser_.parameter(1, 1), 1u), columns_) - 1;
            return;
        case 'J': return erase(what ? 0 : here, wanted_.size());
        case 'K': return erase(what ? line : here, line + columns_);
    }
}

void GraphicsConsole::select_graphics() {
    // Any colour (ITU-T T.416), in a sequence of its own.
    constexpr unsigned kForeground = 38, kBackground = 48, kDirect = 2;
    unsigned first = parser_.parameter(0, 0);
    if (first != kForeground && first != kBackground) {
        for (unsigned i = 0; i < parser_.count(); ++i) select_graphics(parser_.parameter(i, 0));
        return;
    }
    if (parser_.parameter(1, 0) != kDirect) return;
    auto part = [&](unsigned i) { return std::min(parser_.parameter(i, 0), 255u); };
    Colour colour = part(2) << 16 | part(3) << 8 | part(4);
    if (first == kBackground) {
        style_.background = colour;
    } else {
        style_.foreground = colour;
        style_.basic = kNoBasic;
    }
}

void GraphicsConsole::select_graphics(unsigned number) {
    switch (number) {
        case 0: style_ = {}; break;
        case 1: style_.bright = true; break;
        case 4: style_.underlined = true; break;
        case 7: style_.reversed = true; break;
        case 22: style_.bright = false; break;
        case 24: style_.underlined = false; break;
        case 27: style_.reversed = false; break;
        case 39: style_.basic = Style().basic; break;
        case 49: style_.background = kTransparent; break;
        default:
            if (number >= 30 && number <= 37) style_.basic = static_cast<std::uint8_t>(number - 30);
            if (number >= 40 && number <= 47) style_.background = kBasic[number - 40];
    }
    if (style_.basic != kNoBasic) style_.foreground = kBasic[style_.basic + (style_.bright ? kBright : 0)];
}

GraphicsConsole::Cell GraphicsConsole::cell(char c) const {
    Colour foreground = style_.foreground, background = style_.background;
    if (style_.reversed) {
        foreground = background & 0xffffff;
        background = style_.foreground;
    }
    std::uint8_t marks = style_.underlined ? kUnderlined : 0;
    return {foreground, static_cast<std::uint8_t>(c), background, marks};
}

// Of what is empty only the background counts.
void GraphicsConsole::erase(std::size_t begin, std::size_t end) {
    Style kept = style_;
    style_.underlined = false;
    std::fill(wanted_.begin() + begin, wanted_.begin() + end, cell(' '));
    style_ = kept;
}

void GraphicsConsole::draw_changes() {
    std::size_t cursor = std::min(position(), std::size_t{row_} * columns_ + columns_ - 1);
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
        Cell cell = wanted_[i];
        if (i == cursor) cell.marks |= kCursor;
        if (cell == shown_[i]) continue;
        shown_[i] = cell;
        draw(i, cell);
    }
}

void GraphicsConsole::draw(std::size_t index, const Cell& cell) {
    std::uint32_t left = area_.left + static_cast<std::uint32_t>(index % columns_) * kFontWidth;
    std::uint32_t top = area_.top + static_cast<std::uint32_t>(index / columns_) * kFontHeight;
    std::uint32_t foreground = canvas_.native(cell.foreground), background = canvas_.native(cell.background);
    bool is_picture = cell.background == kTransparent && has_picture_;
    for (unsigned y = 0; y < kFontHeight; ++y) {
        unsigned bits = font_[cell.character * kFontHeight + y];
        bool underlined = (cell.marks & kUnderlined && y == kFontHeight - 2) || (cell.marks & kCursor && y >= kFontHeight - 2);
        if (underlined) bits = 0xff;
        for (unsigned x = 0; x < kFontWidth; ++x) {
            if (bits >> (kFontWidth - 1 - x) & 1) canvas_.put(left + x, top + y, foreground);
            else if (is_picture) canvas_.put_picture(left + x, top + y);
            else canvas_.put(left + x, top + y, background);
        }
    }
}

}  // namespace scripts
