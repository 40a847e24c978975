// A line that is being typed: its text, the cursor, and the keys that move and change both (arrows, Home, End, Delete, Emacs
// control keys). The cursor is always between characters (characters.h). Draws nothing.
#pragma once

#include <string_view>

#include "scripts/characters.h"
#include "util/vector.h"

namespace scripts {

// Control keys by their letter, as a terminal sends them.
constexpr int control(char letter) { return letter & 0x1f; }

class LineBuffer {
  public:
    static constexpr std::size_t kLongestLine = 1024;

    // False: not one of its keys. Failure: out of memory.
    util::Result<bool> take_key(int key);
    // What does not fit is not inserted.
    util::Result<void> insert(std::string_view text);
    // Another text, with the cursor at its end.
    util::Result<void> replace(std::string_view text);
    void clear();

    std::string_view text() const { return text_.view(); }
    std::size_t cursor() const { return cursor_; }  // bytes before it
    SeenText seen(std::size_t columns) const { return seen_text(text(), cursor_, columns); }
    void move_to_end() { cursor_ = text_.size(); }

  private:
    void erase(std::size_t from, std::size_t to);
    util::Result<void> kill(std::size_t from, std::size_t to);
    std::size_t word_start() const;

    util::String text_;
    util::String killed_;  // for Ctrl-Y
    std::size_t cursor_ = 0;
};

}  // namespace scripts
