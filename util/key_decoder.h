// Keys from a serial terminal: bytes and VT100 (ECMA-48) escape sequences in, keys as <platform/console.h> names them
// out. An Escape that nothing follows is the Escape key: the caller says so with flush() when some time has passed.
#pragma once

#include <cstdint>

namespace util {

class KeyDecoder {
  public:
    // At most two keys come out of one byte: an Escape that turns out to be a key, and the key after it.
    struct Keys {
        int count = 0;
        int key[2] = {};
        void add(int k) { key[count++] = k; }
    };
    Keys feed(std::uint8_t byte);
    // True while an escape sequence is incomplete.
    bool waiting() const { return state_ != State::Ground; }
    // Gives up waiting: the Escape key, when that was all.
    Keys flush();

  private:
    enum class State : std::uint8_t { Ground, Escape, Control, Modifiers, Single };
    State state_ = State::Ground;
    std::uint8_t parameter_ = 0;
};

}  // namespace util
