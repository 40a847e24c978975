#include "scripts/menus/form_screen.h"

#include <algorithm>

#include "scripts/keys.h"

namespace scripts {

// A field: its text, its box, an empty line.
static constexpr unsigned kRowsPerField = 3, kVisible = Screen::kVisible / kRowsPerField;
static constexpr unsigned kColumn = 11, kWidth = Screen::kColumns - 2 * (kColumn - 1);

util::Result<void> FormScreen::add_field(const DialogItem& item, std::string_view value) {
    TRY(fields_.push({}));
    fields_.back().item = &item;
    return fields_.back().line.replace(value);
}

unsigned FormScreen::row_of(std::size_t field) const {
    return static_cast<unsigned>(Screen::kFirstRow + kRowsPerField * (field - first_));
}

// What is seen of a line whose cursor must be.
static std::size_t hidden_columns(const LineBuffer& line) { return line.cursor() < kWidth ? 0 : line.cursor() - kWidth + 1; }

void FormScreen::draw_field(std::size_t at) const {
    const Field& field = fields_[at];
    std::string_view seen = field.line.text().substr(hidden_columns(field.line));
    util::Text<kWidth> stars;
    if (field.item->is_secret) {
        for (std::size_t i = 0; i < seen.size(); ++i) stars.character('*');
        seen = stars.view();
    }
    screen_.line(row_of(at) + 1, kColumn, kWidth, Pair::Edit, seen);
}

void FormScreen::place_cursor() const {
    const LineBuffer& line = fields_[selected_].line;
    screen_.place_cursor(row_of(selected_) + 1, static_cast<unsigned>(kColumn + line.cursor() - hidden_columns(line)));
}

void FormScreen::draw() const {
    std::size_t end = std::min<std::size_t>(fields_.size(), first_ + kVisible);
    for (std::size_t i = first_; i < end; ++i) {
        screen_.line(row_of(i), kColumn, kWidth, Pair::Normal, fields_[i].item->shown());
        draw_field(i);
    }
}

void FormScreen::select(std::size_t field) {
    selected_ = field;
    std::size_t first = scrolled(first_, field, kVisible);
    if (std::exchange(first_, first) != first) draw();
}

util::Result<void> FormScreen::edit() {
    draw();
    for (;;) {
        place_cursor();
        int key = TRY(wait_for_key(loop_));
        std::size_t last = fields_.size() - 1;
        switch (key) {
            case 0x1b: return kFormLeft;
            case '\r':
            case '\n':
                if (selected_ == last) return {};
                [[fallthrough]];
            case '\t':
            case platform::kKeyDown: select(selected_ == last ? 0 : selected_ + 1); break;
            case platform::kKeyUp: select(selected_ ? selected_ - 1 : last); break;
            default:
                TRY(fields_[selected_].line.take_key(key));
                draw_field(selected_);
        }
    }
}

}  // namespace scripts
