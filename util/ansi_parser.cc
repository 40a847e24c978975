#include "util/ansi_parser.h"

namespace util {

static constexpr char kEscape = 0x1b;

AnsiParser::Event AnsiParser::feed(char c) {
    switch (state_) {
        case State::Text:
            if (c != kEscape) return Event::Character;
            state_ = State::Escape;
            return Event::None;
        case State::Escape:
            state_ = c == '[' ? State::Control : State::Text;
            count_ = 1;
            parameters_[0] = 0;
            present_[0] = false;
            return Event::None;
        case State::Control:
            break;
    }
    unsigned last = count_ - 1;
    if (c >= '0' && c <= '9') {
        if (parameters_[last] < 1000)
            parameters_[last] = static_cast<std::uint16_t>(parameters_[last] * 10 + (c - '0'));
        present_[last] = true;
    } else if (c == ';') {
        if (count_ < kMaxParameters) ++count_;
        parameters_[count_ - 1] = 0;
        present_[count_ - 1] = false;
    } else if (c >= 0x40) {
        state_ = State::Text;
        command_ = c;
        return Event::Command;
    }
    return Event::None;
}

}  // namespace util
