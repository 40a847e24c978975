#include "scripts/line_editor.h"

#include <platform/console.h>

#include <algorithm>

#include "scripts/keys.h"

namespace scripts {

// Control keys by their letter, as a terminal sends them.
static constexpr int control(char letter) {
    return letter & 0x1f;
}

std::string_view History::operator[](std::size_t at) const {
    std::string_view rest = text_.view();
    while (at--) rest = util::split_first(rest, '\n').after;
    return util::split_first(rest, '\n').before;
}

void History::add(std::string_view line) {
    if (util::trim(line).empty() || line.size() >= kMost / 2) return;
    if (count_ && (*this)[count_ - 1] == line) return;
    std::string_view kept = text_.view();
    for (; kept.size() + line.size() + 1 > kMost; --count_) kept = util::split_first(kept, '\n').after;
    util::Text<kMost> text;
    text.text(kept).text(line).character('\n');
    text_ = text;
    ++count_;
}

void LineEditor::draw() {
    std::size_t room = kScreenWidth - 1 - std::min(prompt_.size(), kScreenWidth / 2);
    std::size_t first = cursor_ > room ? cursor_ - room : 0;
    std::string_view shown = line_.view().substr(first, room);
    util::Text<2 * kScreenWidth + 16> drawing;
    drawing.text("\r").text(prompt_).text(shown).text("\x1b[K");
    if (cursor_ - first < shown.size())
        drawing.text("\r").text(prompt_).text(shown.substr(0, cursor_ - first));
    platform::console_write(drawing.view());
}

util::Result<void> LineEditor::insert(std::string_view text) {
    if (text.size() > kLongestLine - line_.size()) return {};
    TRY(line_.append(text));
    auto& chars = line_.chars();
    std::rotate(chars.begin() + cursor_, chars.end() - text.size(), chars.end());
    cursor_ += text.size();
    return {};
}

void LineEditor::erase(std::size_t from, std::size_t to) {
    auto& chars = line_.chars();
    std::copy(chars.begin() + to, chars.end(), chars.begin() + from);
    line_.truncate(chars.size() - (to - from));
    cursor_ = from;
}

util::Result<void> LineEditor::recall(std::size_t entry) {
    if (!history_ || entry > history_->size()) return {};
    if (entry_ == history_->size()) TRY(pending_.assign(line_.view()));
    entry_ = entry;
    TRY(line_.assign(entry == history_->size() ? pending_.view() : (*history_)[entry]));
    cursor_ = line_.size();
    return {};
}

util::Result<void> LineEditor::complete() {
    if (!completer_) return {};
    bool printed = false;
    util::String addition = TRY(completer_->complete(line_.view().substr(0, cursor_), printed));
    return insert(addition.view());
}

std::size_t LineEditor::word_start() const {
    std::size_t at = cursor_;
    while (at > 0 && line_.view()[at - 1] == ' ') --at;
    while (at > 0 && line_.view()[at - 1] != ' ') --at;
    return at;
}

util::Result<LineEditor::Step> LineEditor::take_key(int key) {
    switch (key) {
        case '\r':
        case '\n':
            return Step::Enter;
        case control('D'):
            if (line_.empty()) return Step::End;
            [[fallthrough]];
        case platform::kKeyDelete:
            if (cursor_ < line_.size()) erase(cursor_, cursor_ + 1);
            break;
        case control('H'):
        case 0x7f:  // what most terminals send for Backspace
            if (cursor_) erase(cursor_ - 1, cursor_);
            break;
        case control('A'):
        case platform::kKeyHome:
            cursor_ = 0;
            break;
        case control('E'):
        case platform::kKeyEnd:
            cursor_ = line_.size();
            break;
        case control('B'):
        case platform::kKeyLeft:
            cursor_ -= cursor_ > 0;
            break;
        case control('F'):
        case platform::kKeyRight:
            cursor_ += cursor_ < line_.size();
            break;
        case control('P'):
        case platform::kKeyUp:
            if (entry_ > 0) TRY(recall(entry_ - 1));
            break;
        case control('N'):
        case platform::kKeyDown:
            TRY(recall(entry_ + 1));
            break;
        case control('K'):
            TRY(killed_.assign(line_.view().substr(cursor_)));
            erase(cursor_, line_.size());
            break;
        case control('U'):
            TRY(killed_.assign(line_.view().substr(0, cursor_)));
            erase(0, cursor_);
            break;
        case control('W'): {
            std::size_t start = word_start();
            TRY(killed_.assign(line_.view().substr(start, cursor_ - start)));
            erase(start, cursor_);
            break;
        }
        case control('Y'):
            TRY(insert(killed_.view()));
            break;
        case control('L'):
            platform::console_write("\x1b[2J\x1b[H");
            break;
        case '\t':
            TRY(complete());
            break;
        default:
            if (key >= ' ' && key <= 0xff) {
                char c = static_cast<char>(key);
                TRY(insert({&c, 1}));
            }
    }
    return Step::GoOn;
}

util::Result<LineEnd> LineEditor::edit() {
    line_.clear();
    cursor_ = 0;
    entry_ = history_ ? history_->size() : 0;
    draw();
    for (;;) {
        auto key = wait_for_key(loop_);
        if (!key.ok()) {
            platform::console_write("^C\n");
            return key.failure();
        }
        std::size_t size = line_.size();
        Step step = TRY(take_key(key.value()));
        if (step == Step::GoOn) {
            // A character typed at the end needs no drawing anew, unless the line scrolls.
            bool appended = key.value() >= ' ' && key.value() <= 0xff && line_.size() == size + 1 &&
                            cursor_ == line_.size();
            if (appended && cursor_ + prompt_.size() < kScreenWidth - 1) {
                platform::console_write(line_.view().substr(size));
            } else {
                draw();
            }
            continue;
        }
        cursor_ = line_.size();
        draw();
        platform::console_write("\n");
        return step == Step::Enter ? LineEnd::Entered : LineEnd::EndOfInput;
    }
}

}  // namespace scripts
