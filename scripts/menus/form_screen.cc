#include "scripts/menus/form_screen.h"

#include <algorithm>

#include "scripts/keys.h"

namespace scripts {

// A field: its text, its box, an empty line.
static constexpr unsigned kRowsPerField = 3, kColumn = 11;
static unsigned width(const Screen& screen) { return screen.columns() - 2 * (kColumn - 1); }

util::Result<void> FormScreen::add_field(const DialogItem& item, std::string_view value) {
    TRY(fields_.push({}));
    fields_.back().item = &item;
    return fields_.back().line.replace(value);
}

std::size_t FormScreen::visible() const { return std::max(screen_.visible() / kRowsPerField, 1u); }

unsigned FormScreen::row_of(std::size_t field) const {
    return static_cast<unsigned>(Screen::kFirstRow + kRowsPerField * (field - first_));
}

std::size_t FormScreen::next(std::size_t field, std::size_t step) const {
    do field = (field + step) % fields_.size();
    while (fields_[field].item->is_gap());
    return field;
}

// A key that types a character is the field's.
std::optional<std::size_t> FormScreen::find_key(int key) const {
    for (std::size_t i = 0; i < fields_.size(); ++i)
        if ((key < ' ' || key > 0xff) && fields_[i].item->key == key && !fields_[i].item->is_gap()) return i;
    return {};
}

void FormScreen::draw_field(std::size_t at) const {
    const Field& field = fields_[at];
    std::string_view seen = field.line.seen(width(screen_)).text;
    util::Text<Screen::kMostColumns> shown;
    if (!field.item->is_secret) append_shown(shown, seen);
    else for (std::size_t stars = count_characters(seen); stars; --stars) shown.character('*');
    screen_.line(row_of(at) + 1, kColumn, width(screen_), Pair::Edit, shown.view());
}

void FormScreen::place_cursor() const {
    screen_.place_cursor(row_of(selected_) + 1, static_cast<unsigned>(kColumn + fields_[selected_].line.seen(width(screen_)).cursor));
}

void FormScreen::draw() const {
    std::size_t end = std::min(fields_.size(), first_ + visible());
    for (std::size_t i = first_; i < end; ++i) {
        bool is_gap = fields_[i].item->is_gap();
        screen_.line(row_of(i), kColumn, width(screen_), is_gap ? Pair::Separator : Pair::Normal, fields_[i].item->shown());
        if (is_gap) screen_.line(row_of(i) + 1, kColumn, width(screen_), Pair::Normal, {});
        else draw_field(i);
    }
    if (fields_.size() > visible()) screen_.draw_ends(first_, end < fields_.size());
}

void FormScreen::select(std::size_t field) {
    selected_ = field;
    std::size_t first = scrolled(first_, field, visible());
    if (std::exchange(first_, first) != first) draw();
}

util::Result<void> FormScreen::edit() {
    const Field* end = fields_.end();
    auto is_field = [](const Field& field) { return !field.item->is_gap(); };
    if (std::none_of(fields_.begin(), fields_.end(), is_field)) return kNoFields;
    const Field* chosen = std::find_if(fields_.begin(), fields_.end(), [&](const Field& field) { return is_field(field) && field.item->is_default; });
    std::size_t back = fields_.size() - 1, last = next(0, back);
    selected_ = chosen == end ? next(back, 1) : static_cast<std::size_t>(chosen - fields_.begin());
    first_ = scrolled(0, selected_, visible());
    draw();
    for (;;) {
        place_cursor();
        int key = TRY(wait_for_key(loop_));
        if (auto wanted = find_key(key)) {
            select(*wanted);
            continue;
        }
        switch (key) {
            case 0x1b: return kFormLeft;
            case '\r':
            case '\n':
                if (selected_ == last) return {};
                [[fallthrough]];
            case '\t':
            case platform::kKeyDown: select(next(selected_, 1)); break;
            case platform::kKeyUp: select(next(selected_, back)); break;
            default:
                TRY(fields_[selected_].line.take_key(key));
                draw_field(selected_);
        }
    }
}

}  // namespace scripts
