#include "scripts/line_buffer.h"

#include <platform/console.h>

#include <algorithm>
#include <cstring>

namespace scripts {

util::Result<void> LineBuffer::insert(std::string_view text) {
    if (text.size() - 1 >= kLongestLine - text_.size()) return {};  // nothing is larger than all
    std::size_t behind = text_.size() - cursor_;
    TRY(text_.append(text));
    char* at = text_.chars().begin() + cursor_;
    std::memmove(at + text.size(), at, behind);
    std::memcpy(at, text.data(), text.size());
    // A character whose bytes are typed one by one is one when the last has come.
    cursor_ = character_boundary(text_, cursor_ + text.size());
    return {};
}

util::Result<void> LineBuffer::replace(std::string_view text) {
    TRY(text_.assign(text));
    move_to_end();
    return {};
}

void LineBuffer::clear() {
    text_.clear();
    cursor_ = 0;
}

void LineBuffer::erase(std::size_t from, std::size_t to) {
    auto& chars = text_.chars();
    std::copy(chars.begin() + to, chars.end(), chars.begin() + from);
    text_.truncate(chars.size() - (to - from));
    cursor_ = character_boundary(text_, from);
}

util::Result<void> LineBuffer::kill(std::size_t from, std::size_t to) {
    TRY(killed_.assign(text_.view().substr(from, to - from)));
    erase(from, to);
    return {};
}

std::size_t LineBuffer::word_start() const {
    std::size_t at = cursor_;
    while (at > 0 && text()[at - 1] == ' ') --at;
    while (at > 0 && text()[at - 1] != ' ') --at;
    return at;
}

util::Result<bool> LineBuffer::take_key(int key) {
    switch (key) {
        case control('D'):
        case platform::kKeyDelete:
            erase(cursor_, next_character(text(), cursor_));
            break;
        case control('H'):
        case 0x7f:  // what most terminals send for Backspace
            erase(previous_character(text(), cursor_), cursor_);
            break;
        case control('A'):
        case platform::kKeyHome:
            cursor_ = 0;
            break;
        case control('E'):
        case platform::kKeyEnd:
            move_to_end();
            break;
        case control('B'):
        case platform::kKeyLeft:
            cursor_ = previous_character(text(), cursor_);
            break;
        case control('F'):
        case platform::kKeyRight:
            cursor_ = next_character(text(), cursor_);
            break;
        case control('K'):
            TRY(kill(cursor_, text_.size()));
            break;
        case control('U'):
            TRY(kill(0, cursor_));
            break;
        case control('W'):
            TRY(kill(word_start(), cursor_));
            break;
        case control('Y'):
            TRY(insert(killed_.view()));
            break;
        default: {
            if (key < ' ' || key > 0xff) return false;
            char c = static_cast<char>(key);
            TRY(insert({&c, 1}));
        }
    }
    return true;
}

}  // namespace scripts
