// Text on a graphics mode's screen, over a background picture: a grid of characters that understands the sequences which the BIOS's
// screen does (CSI m, H, J, K), and any colour besides (CSI 38;2;r;g;b m). Only characters that change are drawn.
//
// While one exists the console writes to it, and the BIOS's screen is back when it goes. It must be gone before the machine
// is handed over.
#pragma once

#include <platform/console.h>

#include "scripts/graphics/canvas.h"
#include "util/ansi_parser.h"
#include "util/owned.h"
#include "util/vector.h"

namespace scripts {

class GraphicsConsole final : public platform::TextDisplay {
  public:
    // Where the text goes, in pixels.
    struct Area {
        std::uint32_t left, top, width, height;
    };
    // Clears the screen. The area must be on it, and hold a character at least. Failure: out of memory; then the screen is the BIOS's
    // again.
    static util::Result<util::Owned<GraphicsConsole>> open(const platform::FrameBuffer& frame, const Area& area);
    GraphicsConsole(const Canvas& canvas, const Area& area);
    GraphicsConsole(const GraphicsConsole&) = delete;
    ~GraphicsConsole() override;

    void write(std::string_view text) override;
    platform::TextSize size() const override { return {columns_, rows_}; }

    Canvas& canvas() { return canvas_; }
    // From now on the default background is the picture instead of black. There must be memory for it.
    void show_picture() { has_picture_ = true; }

  private:
    static constexpr Colour kTransparent = 1 << 24;
    enum Mark : std::uint8_t { kUnderlined = 1, kCursor = 2 };
    struct Cell {
        Colour foreground : 24;
        std::uint32_t character : 8;
        Colour background : 25;  // with kTransparent
        std::uint32_t marks : 7;
        bool operator==(const Cell&) const = default;
    };
    struct Style {
        Colour foreground = 0xaaaaaa, background = kTransparent;
        std::uint8_t basic = 7;  // of the foreground; 8: none of the basic colours
        bool bright = false, underlined = false, reversed = false;
    };

    void put(char c);
    void print(char c);
    void new_line();
    void command();
    void select_graphics();
    void select_graphics(unsigned number);
    void erase(std::size_t begin, std::size_t end);
    Cell cell(char c) const;
    std::size_t position() const { return std::size_t{row_} * columns_ + column_; }
    void draw_changes();
    void draw(std::size_t index, const Cell& cell);

    Canvas canvas_;
    Area area_;
    std::span<const std::uint8_t> font_;
    unsigned columns_, rows_;
    util::Vector<Cell> wanted_, shown_;
    util::AnsiParser parser_;
    Style style_;
    unsigned row_ = 0, column_ = 0;  // column_ may be past the end: what comes next wraps
    bool has_picture_ = false;
};

}  // namespace scripts
