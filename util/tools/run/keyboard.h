// The person at the keyboard, or what stands for one: standard input, a terminal or not, and --answer.
#pragma once

#include <termios.h>

#include <deque>
#include <string>

#include "util/key_decoder.h"
#include "util/time.h"

namespace scripts {
class System;
}

namespace run {

// Puts a terminal into raw mode and back. One at a time.
class Keyboard {
  public:
    // Answers are used one after another, each when the script waits for a key and nobody has typed.
    Keyboard(scripts::System& system, std::deque<std::string> answers);
    Keyboard(const Keyboard&) = delete;
    ~Keyboard();

    // Waits for a key for as long as that, where there is no network to wait for.
    static void wait(util::Instant until);
    // For whoever ends the program without destructors.
    static void restore_terminal();

  private:
    void look(bool is_wanted);
    bool give_answer();
    bool choose_item(const std::string& label);
    void read_input(bool one_key);
    scripts::System& system_;
    std::deque<std::string> answers_;
    util::KeyDecoder decoder_;
    bool is_terminal_;
    bool ended_ = false;  // nothing more comes from standard input
};

}  // namespace run
