// A one-line editor for the console, with history and completion. Draws with nothing but backspaces, text and
// erase-to-end-of-line, which the BIOS screen and every terminal know, from wherever the cursor is; a line longer than its
// room scrolls sideways.
#pragma once

#include <algorithm>
#include <string_view>

#include "scripts/line_buffer.h"
#include "util/loop.h"
#include "util/text.h"
#include "util/vector.h"

namespace scripts {

// Lines typed before, the newest last; the oldest give way.
class History {
  public:
    static constexpr std::size_t kMost = 1024;  // bytes
    // Blank lines and repetitions are not kept.
    void add(std::string_view line);
    std::size_t size() const { return count_; }
    std::string_view operator[](std::size_t at) const;

  private:
    util::Text<kMost> text_;  // each line with its line end
    std::size_t count_ = 0;
};

// What may be typed at the cursor. Asked on TAB.
class Completer {
  public:
    enum class Turn : std::uint8_t { First, Again };  // Again: the key before was TAB as well
    virtual ~Completer() = default;
    // Text to insert for what stands before the cursor. When there are several ways to go on, the second TAB prints them, on lines of
    // their own, and sets printed.
    virtual util::Result<util::String> complete(std::string_view before_cursor, Turn turn, bool& printed) = 0;
};

enum class LineEnd { Entered, EndOfInput };

class LineEditor {
  public:
    LineEditor(util::Loop& loop, std::string_view prompt, History* history = nullptr,
               Completer* completer = nullptr)
        : loop_(loop), prompt_(prompt), history_(history), completer_(completer) {}
    // Without a prompt, behind what somebody else has written on so many columns of the row.
    LineEditor(util::Loop& loop, std::size_t behind) : LineEditor(loop, std::string_view()) { behind_ = behind; }
    LineEditor(const LineEditor&) = delete;

    // Edits until Enter, beginning with a text; line() is what was typed. When no key was pressed by the deadline it ends as kTimedOut. EndOfInput: Ctrl-D on an empty line. Failure: kCancelled
    // on Ctrl-C, or out of memory. The cursor is at the start of a fresh line afterwards.
    util::Result<LineEnd> edit(std::string_view initial = {}, util::Instant deadline = util::Instant::never());
    std::string_view line() const { return line_.text(); }

  private:
    enum class Step { GoOn, Enter, End };
    util::Result<Step> take_key(int key);
    util::Result<void> recall(std::size_t entry);
    util::Result<void> complete();
    // Columns for the text: the last one stays free, as a screen goes to the next row behind it.
    std::size_t room() const { return row_columns() - 1 - prompt_.size() - behind_; }
    void begin();
    void draw();

    util::Loop& loop_;
    std::string_view prompt_;
    History* history_;
    Completer* completer_;
    LineBuffer line_;
    util::String pending_;  // the new line, while an old one is looked at
    std::size_t behind_ = 0;
    std::size_t column_ = 0;  // of the cursor on the screen, behind the prompt
    std::size_t entry_ = 0;  // in the history; its size: the new line
    Completer::Turn turn_ = Completer::Turn::First;
};

}  // namespace scripts
