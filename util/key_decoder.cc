#include "util/key_decoder.h"

#include <platform/console.h>

namespace util {
namespace {

constexpr std::uint8_t kEscape = 0x1b, kDelete = 0x7f, kBackspace = 0x08;
constexpr std::uint8_t kFirstFinal = 0x40, kLastFinal = 0x7e;  // ECMA-48 5.4: what ends a control sequence

// The last byte of CSI x and SS3 x.
int final_key(std::uint8_t byte) {
    switch (byte) {
        case 'A': return platform::kKeyUp;
        case 'B': return platform::kKeyDown;
        case 'C': return platform::kKeyRight;
        case 'D': return platform::kKeyLeft;
        case 'H': return platform::kKeyHome;
        case 'F': return platform::kKeyEnd;
        case 'P': case 'Q': case 'R': case 'S': return platform::kKeyF1 + (byte - 'P');
        default: return platform::kNoKey;
    }
}

// CSI n ~ as VT220, xterm and rxvt number their keys.
int numbered_key(std::uint8_t number) {
    switch (number) {
        case 1: case 7: return platform::kKeyHome;
        case 2: return platform::kKeyInsert;
        case 3: return platform::kKeyDelete;
        case 4: case 8: return platform::kKeyEnd;
        case 5: return platform::kKeyPageUp;
        case 6: return platform::kKeyPageDown;
    }
    if (number >= 11 && number <= 15) return platform::kKeyF1 + number - 11;
    if (number >= 17 && number <= 21) return platform::kKeyF1 + 5 + number - 17;
    if (number == 23 || number == 24) return platform::kKeyF1 + 10 + number - 23;
    return platform::kNoKey;
}

}  // namespace

KeyDecoder::Keys KeyDecoder::feed(std::uint8_t byte) {
    Keys keys;
    int key = platform::kNoKey;
    switch (state_) {
        case State::Escape:
            if (byte == '[' || byte == 'O') {
                state_ = byte == '[' ? State::Control : State::Single;
                parameter_ = 0;
                return keys;
            }
            keys.add(kEscape);
            state_ = State::Ground;
            [[fallthrough]];
        case State::Ground:
            if (byte == kEscape) {
                state_ = State::Escape;
                return keys;
            }
            if (byte != 0) key = byte == kDelete ? kBackspace : byte;
            break;
        case State::Control:
            if (byte >= '0' && byte <= '9') {
                parameter_ = static_cast<std::uint8_t>(parameter_ * 10 + (byte - '0'));
                return keys;
            }
            if (byte == ';') {  // modifiers follow, which are not told apart
                state_ = State::Modifiers;
                return keys;
            }
            [[fallthrough]];
        case State::Modifiers:
            if (byte < kFirstFinal || byte > kLastFinal) return keys;
            // CSI 1 ; n R is F3, and CSI 24 ; 80 R where the cursor is: an answer that was not waited for any more.
            if (byte != 'R' || parameter_ <= 1) key = byte == '~' ? numbered_key(parameter_) : final_key(byte);
            state_ = State::Ground;
            break;
        case State::Single:
            key = final_key(byte);
            state_ = State::Ground;
            break;
    }
    if (key != platform::kNoKey) keys.add(key);
    return keys;
}

KeyDecoder::Keys KeyDecoder::flush() {
    Keys keys;
    if (state_ == State::Escape) keys.add(kEscape);
    state_ = State::Ground;
    return keys;
}

}  // namespace util
