// The BIOS's screen through INT 10h, with ANSI sequences understood. Calls are collected, so that a line of text costs one
// switch to real mode.
#pragma once

#include <platform/console.h>

#include <cstdint>

#include "arch/resident/resident.h"
#include "util/ansi_parser.h"

namespace arch {

class Video {
  public:
    void put(char c);
    void flush();  // carries out what was put
    static platform::TextSize size();

  private:
    void call(std::uint16_t ax, std::uint16_t bx, std::uint16_t cx = 0, std::uint16_t dx = 0);
    void teletype(char c);
    void command();
    void select_graphics();
    void erase_display(unsigned what);
    void erase_line(unsigned what);

    util::AnsiParser parser_;
    std::uint8_t attribute_ = 0x07;
    bool coloured_ = false;  // since the first colour: every character carries its attribute
};

}  // namespace arch
