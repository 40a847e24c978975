#include "scripts/line_editor.h"

#include <platform/console.h>

#include "scripts/keys.h"

namespace scripts {

using namespace std::string_view_literals;

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

// The prompt stands at the line's start.
void LineEditor::begin() {
    measure_row();
    platform::console_write(prompt_);
    column_ = 0;
    draw();
}

void LineEditor::draw() {
    SeenText seen = line_.seen(room());
    util::Text<3 * kMostColumns> drawing;
    auto move_left = [&drawing](std::size_t columns) {
        while (columns--) drawing.character('\b');
    };
    move_left(column_);
    append_shown(drawing, seen.text);
    drawing.text("\x1b[K");
    move_left(count_characters(seen.text) - seen.cursor);
    column_ = seen.cursor;
    platform::console_write(drawing.view());
}

util::Result<void> LineEditor::recall(std::size_t entry) {
    if (!history_ || entry > history_->size()) return {};
    if (entry_ == history_->size()) TRY(pending_.assign(line()));
    entry_ = entry;
    return line_.replace(entry == history_->size() ? pending_.view() : (*history_)[entry]);
}

util::Result<void> LineEditor::complete() {
    if (!completer_) return {};
    bool printed = false;
    util::String addition = TRY(completer_->complete(line().substr(0, line_.cursor()), turn_, printed));
    if (printed) begin();
    return line_.insert(addition.view());
}

util::Result<LineEditor::Step> LineEditor::take_key(int key) {
    switch (key) {
        case '\r':
        case '\n': return Step::Enter;
        case control('D'):
            if (line().empty()) return Step::End;
            TRY(line_.take_key(key));
            break;
        case control('P'):
        case platform::kKeyUp:
            if (entry_ > 0) TRY(recall(entry_ - 1));
            break;
        case control('N'):
        case platform::kKeyDown: TRY(recall(entry_ + 1)); break;
        case control('L'):
            platform::console_write("\x1b[2J\x1b[H"sv);
            behind_ = 0;
            begin();
            break;
        case '\t': TRY(complete()); break;
        default: TRY(line_.take_key(key));
    }
    return Step::GoOn;
}

util::Result<LineEnd> LineEditor::edit(std::string_view initial, util::Instant deadline) {
    TRY(line_.replace(initial));
    entry_ = history_ ? history_->size() : 0;
    begin();
    for (;;) {
        auto key = wait_for_key_until(loop_, deadline);
        if (!key.ok()) {
            platform::console_write(&key.failure() == &util::kCancelled ? "^C\n"sv : "\n");
            return key.failure();
        }
        deadline = util::Instant::never();
        std::size_t size = line().size();
        Step step = TRY(take_key(key.value()));
        turn_ = key.value() == '\t' ? Completer::Turn::Again : Completer::Turn::First;
        if (step == Step::GoOn) {
            // A letter typed at the end needs no drawing anew, unless the line scrolls.
            bool appended = key.value() >= ' ' && key.value() < 0x80 && line().size() == size + 1 && line_.cursor() == line().size();
            if (appended && column_ + 1 < room()) {
                platform::console_write(line().substr(size));
                ++column_;
            } else {
                draw();
            }
            continue;
        }
        line_.move_to_end();
        draw();
        platform::console_write("\n"sv);
        return step == Step::Enter ? LineEnd::Entered : LineEnd::EndOfInput;
    }
}

}  // namespace scripts
