#include "arch/bios/video.h"

#include <utility>

#include "arch/bios/machine.h"

namespace arch {
namespace {

// INT 10h functions, in AH.
constexpr std::uint16_t kSetCursor = 0x0200, kScrollUp = 0x0600, kWriteCharacter = 0x0900, kTeletype = 0x0e00;

constexpr std::uint8_t kNormal = 0x07, kBright = 0x08, kForeground = 0x07, kBackground = 0x70;

std::uint16_t page() { return static_cast<std::uint16_t>(bda::active_page() << 8); }
std::uint16_t columns() { return bda::columns() ? bda::columns() : 80; }
std::uint16_t last_row() { return bda::last_row() ? bda::last_row() : 24; }
std::uint16_t cursor() { return *physical<volatile std::uint16_t>(0x450u + bda::active_page() * 2u); }

// ANSI has red in bit 0 and blue in bit 2, the PC has them the other way round.
std::uint8_t pc_colour(unsigned ansi) {
    return static_cast<std::uint8_t>((ansi & 1) << 2 | (ansi & 2) | (ansi & 4) >> 2);
}

}  // namespace

platform::TextSize Video::size() { return {columns(), last_row() + 1u}; }

void Video::call(std::uint16_t ax, std::uint16_t bx, std::uint16_t cx, std::uint16_t dx) {
    Resident& block = resident();
    block.video[block.video_count++] = {ax, bx, cx, dx};
    if (block.video_count == std::size(block.video)) flush();
}

void Video::flush() {
    Resident& block = resident();
    if (block.video_count) run_real_routine(block.entries.video);
    block.video_count = 0;
}

void Video::teletype(char c) {
    auto byte = static_cast<std::uint8_t>(c);
    if (coloured_ && byte >= ' ') call(kWriteCharacter | byte, page() | attribute_, 1);
    call(kTeletype | byte, page() | kNormal);
}

void Video::put(char c) {
    switch (parser_.feed(c)) {
        case util::AnsiParser::Event::None:
            return;
        case util::AnsiParser::Event::Command:
            return command();
        case util::AnsiParser::Event::Character:
            if (c == '\n') teletype('\r');
            teletype(c);
    }
}

void Video::command() {
    switch (parser_.command()) {
        case 'm':
            return select_graphics();
        case 'H': {
            unsigned row = parser_.parameter(0, 1), column = parser_.parameter(1, 1);
            row = row > last_row() ? last_row() : row ? row - 1 : 0;
            column = column > columns() ? columns() - 1u : column ? column - 1 : 0;
            return call(kSetCursor, page(), 0, static_cast<std::uint16_t>(row << 8 | column));
        }
        case 'J':
            return erase_display(parser_.parameter(0, 0));
        case 'K':
            return erase_line(parser_.parameter(0, 0));
    }
}

void Video::select_graphics() {
    for (unsigned i = 0; i < parser_.count(); ++i) {
        unsigned n = parser_.parameter(i, 0);
        if (n == 38 || n == 48) return;  // any colour (ITU-T T.416): not here
        auto keep = [&](unsigned mask) { return static_cast<std::uint8_t>(attribute_ & mask); };
        if (n == 0) attribute_ = kNormal;
        if (n == 1) attribute_ |= kBright;
        if (n == 7) attribute_ = static_cast<std::uint8_t>(keep(kBright) | keep(kForeground) << 4 | keep(kBackground) >> 4);
        if (n == 22) attribute_ = keep(~kBright);
        if (n >= 30 && n <= 37) attribute_ = static_cast<std::uint8_t>(keep(~kForeground) | pc_colour(n - 30));
        if (n == 39) attribute_ = static_cast<std::uint8_t>(keep(~kForeground) | kNormal);
        if (n >= 40 && n <= 47) attribute_ = static_cast<std::uint8_t>(keep(~kBackground) | pc_colour(n - 40) << 4);
        if (n == 49) attribute_ = keep(~kBackground);
    }
    if (attribute_ != kNormal) coloured_ = true;
}

void Video::erase_display(unsigned what) {
    flush();
    std::uint16_t top = 0;
    if (what == 0) {
        erase_line(0);
        top = static_cast<std::uint16_t>((cursor() & 0xff00) + 0x100);
        if (top >> 8 > last_row()) return;
    }
    call(kScrollUp, static_cast<std::uint16_t>(attribute_ << 8), top,
         static_cast<std::uint16_t>(last_row() << 8 | (columns() - 1)));
}

void Video::erase_line(unsigned what) {
    flush();
    std::uint16_t at = cursor(), column = at & 0xff;
    if (what == 2) {
        call(kSetCursor, page(), 0, at & 0xff00);
        column = 0;
    }
    call(kWriteCharacter | ' ', page() | attribute_, static_cast<std::uint16_t>(columns() - column));
    if (what == 2) call(kSetCursor, page(), 0, at);
}

}  // namespace arch
