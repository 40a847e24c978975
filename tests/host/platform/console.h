// <platform/console.h>: text out, keys in. Host side; the firmware's twin is under arch/.
#pragma once

#include <string_view>

namespace platform {

// Keys: 0x01 to 0xff are bytes as typed (Ctrl-B is 2, Enter 0x0d, Backspace 8, Escape 0x1b); special keys above.
enum Key : int {
    kNoKey = -1,
    kCtrlB = 0x02,
    kCtrlC = 0x03,
    kKeyUp = 0x100,
    kKeyDown,
    kKeyLeft,
    kKeyRight,
    kKeyHome,
    kKeyEnd,
    kKeyInsert,
    kKeyDelete,
    kKeyPageUp,
    kKeyPageDown,
    kKeyF1 = 0x110,  // to F12 at 0x11b
};

// Characters across and down.
struct TextSize {
    unsigned columns, rows;
};
// What every terminal has (VT100), and the BIOS's screen nearly.
inline constexpr TextSize kUsualSize{80, 24};

// A screen other than the BIOS's.
class TextDisplay {
  public:
    virtual ~TextDisplay() = default;
    virtual void write(std::string_view text) = 0;
    virtual TextSize size() const = 0;
};
// Shows text there, and no longer on the BIOS's screen; nullptr: there again. Terminals get it all the same.
void console_show_on(TextDisplay* display);

// "\n" moves to the start of the next line. ANSI escape sequences for colour, position and erasing work
// (CSI m, H, J, K). Every byte goes to all consoles there are.
void console_write(std::string_view text);

// What can be seen on all consoles there are, from the top left corner: kUsualSize, less where a display has less, and more where the screen
// and a terminal both have more. A terminal is asked then, for a fifth of a second; where none answers, none is there.
TextSize console_size();

// The next key from the type-ahead queue, or kNoKey. Never waits.
int console_read_key();

// True when the key is anywhere in the type-ahead queue; removes it and everything typed before it.
bool console_take_key(int key);

}  // namespace platform
