// ANSI (ECMA-48) control sequences in text for a screen: tells plain characters from commands such as CSI 31 m. What it does
// not know it swallows.
#pragma once

#include <cstdint>

namespace util {

class AnsiParser {
  public:
    static constexpr unsigned kMaxParameters = 6;
    enum class Event : std::uint8_t { None, Character, Command };

    // Character: the byte itself is to be shown. Command: command() and parameter() tell what.
    Event feed(char c);
    char command() const { return command_; }
    unsigned count() const { return count_; }
    // A parameter, or the given value when it was left out.
    unsigned parameter(unsigned index, unsigned missing) const {
        return index < count_ && present_[index] ? parameters_[index] : missing;
    }

  private:
    enum class State : std::uint8_t { Text, Escape, Control };
    State state_ = State::Text;
    char command_ = 0;
    unsigned count_ = 0;
    std::uint16_t parameters_[kMaxParameters] = {};
    bool present_[kMaxParameters] = {};
};

}  // namespace util
