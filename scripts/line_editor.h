// A one-line editor for the console: arrows, Home, End, Delete, Emacs control keys, history. Draws with
// nothing but "\r", text and erase-to-end-of-line, which the BIOS screen and every terminal know; a line
// longer than the screen scrolls sideways.
#pragma once

#include <string_view>

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
    virtual ~Completer() = default;
    // Text to insert for what stands before the cursor. When there is nothing to insert but several ways to
    // go on, prints them, on lines of their own, and sets printed.
    virtual util::Result<util::String> complete(std::string_view before_cursor, bool& printed) = 0;
};

enum class LineEnd { Entered, EndOfInput };

class LineEditor {
  public:
    static constexpr std::size_t kScreenWidth = 80;
    static constexpr std::size_t kLongestLine = 1024;

    LineEditor(util::Loop& loop, std::string_view prompt, History* history = nullptr,
               Completer* completer = nullptr)
        : loop_(loop), prompt_(prompt), history_(history), completer_(completer) {}
    LineEditor(const LineEditor&) = delete;

    // Edits until Enter; line() is what was typed. EndOfInput: Ctrl-D on an empty line. Failure: kCancelled
    // on Ctrl-C, or out of memory. The cursor is at the start of a fresh line afterwards.
    util::Result<LineEnd> edit();
    std::string_view line() const { return line_.view(); }

  private:
    enum class Step { GoOn, Enter, End };
    util::Result<Step> take_key(int key);
    util::Result<void> insert(std::string_view text);
    void erase(std::size_t from, std::size_t to);
    util::Result<void> recall(std::size_t entry);
    util::Result<void> complete();
    std::size_t word_start() const;
    void draw();

    util::Loop& loop_;
    std::string_view prompt_;
    History* history_;
    Completer* completer_;
    util::String line_;
    util::String killed_;   // for Ctrl-Y
    util::String pending_;  // the new line, while an old one is looked at
    std::size_t cursor_ = 0;
    std::size_t entry_ = 0;  // in the history; its size: the new line
};

}  // namespace scripts
