#include "scripts/menus/menu_screen.h"

#include <algorithm>

#include "scripts/keys.h"
#include "scripts/menus/screen_text.h"

namespace scripts {

static constexpr unsigned kColumn = 3;

std::optional<std::size_t> MenuScreen::find_default(std::string_view name) const {
    std::optional<std::size_t> found;
    for (std::size_t i = items_.size(); i-- > 0;) {
        const DialogItem& item = items_[i];
        if (item.is_gap()) continue;
        if (!name.empty() && item.name.view() == name) return i;
        if (!found || item.is_default || !items_[*found].is_default) found = i;
    }
    return found;
}

const DialogItem* MenuScreen::find_key(int key) const {
    auto found = std::find_if(items_.begin(), items_.end(), [key](const DialogItem& item) { return item.key == key && !item.is_gap(); });
    return found == items_.end() ? nullptr : &*found;
}

void MenuScreen::draw_item(std::size_t at) const {
    if (at - first_ >= screen_.visible()) return;
    const DialogItem& item = items_[at];
    std::string_view text = item.shown();
    Pair pair = item.is_gap() ? Pair::Separator : at == selected_ ? Pair::Selected : Pair::Normal;
    std::size_t marked = std::string_view::npos;
    if (item.key > ' ' && item.key < 0x7f) {
        char key = static_cast<char>(item.key);
        marked = find_shown(text, key);
        if (marked == std::string_view::npos) marked = find_shown(text, static_cast<char>(key ^ 0x20));
    }
    auto row = static_cast<unsigned>(Screen::kFirstRow + at - first_);
    unsigned room = screen_.columns() - 2 * (kColumn - 1);
    screen_.line(row, kColumn, room, pair, text, marked);
    if (at != selected_ || !seconds_) return;
    util::Text<16> countdown;
    countdown.text(" (").decimal(seconds_).text(")");
    auto width = static_cast<unsigned>(countdown.view().size());
    screen_.line(row, kColumn + room - width, width, pair, countdown.view());
}

void MenuScreen::draw() const {
    std::size_t end = std::min<std::size_t>(items_.size(), first_ + screen_.visible());
    for (std::size_t i = first_; i < end; ++i) draw_item(i);
    if (items_.size() > screen_.visible()) screen_.draw_ends(first_, end < items_.size());
}

void MenuScreen::scroll() {
    std::size_t visible = screen_.visible(), size = items_.size();
    first_ = scrolled(first_, selected_, visible);
    auto are_gaps = [](std::span<const DialogItem> items) { return std::ranges::all_of(items, &DialogItem::is_gap); };
    // What stands above the first item that can be chosen is seen with it, and what stands below the last one.
    if (selected_ < visible && are_gaps(items_.first(selected_))) first_ = 0;
    if (size > visible && size - selected_ <= visible && are_gaps(items_.subspan(selected_ + 1))) first_ = size - visible;
}

void MenuScreen::select(std::size_t item) {
    std::size_t before = std::exchange(selected_, item), first = first_;
    scroll();
    if (first != first_) return draw();
    draw_item(before);
    draw_item(selected_);
}

void MenuScreen::move(int distance) {
    int step = distance < 0 ? -1 : 1, last = static_cast<int>(items_.size()) - 1;
    int target = static_cast<int>(selected_);
    for (int at = target; at >= 0 && at <= last; at += step) {
        if (items_[static_cast<std::size_t>(at)].is_gap()) continue;
        target = at;
        if ((at - static_cast<int>(selected_)) * step >= distance * step) break;
    }
    select(static_cast<std::size_t>(target));
}

util::Result<const DialogItem*> MenuScreen::choose(std::string_view default_name, Countdown countdown) {
    auto start = find_default(default_name);
    if (!start) return kNothingToChoose;
    selected_ = *start;
    scroll();
    return wait(countdown);
}

util::Result<const DialogItem*> MenuScreen::wait(Countdown countdown) {
    int page = static_cast<int>(screen_.visible()) - 1;
    util::Duration patience = countdown.time;
    util::Instant end = loop_.now() + patience;
    for (bool drawn = false;; drawn = true) {
        util::Duration left = end - loop_.now(), pause;
        std::uint32_t seconds = 0;
        if (patience.us()) {
            if (left.us() <= 0) return &items_[selected_];
            seconds = (static_cast<std::uint32_t>(left.ms()) + 999) / 1000;
            pause = left - util::Duration::seconds(seconds ? seconds - 1 : 0);
        }
        if (std::exchange(seconds_, seconds) != seconds && drawn) draw_item(selected_);
        if (!drawn) draw();
        auto key = wait_for_key(loop_, pause);
        if (!key.ok()) {
            if (&key.failure() == &util::kTimedOut) continue;
            return key.failure();
        }
        if (const DialogItem* item = find_key(key.value())) return item;
        if (countdown.after_key == Countdown::AfterKey::StartsAgain) {
            patience = countdown.again;
            end = loop_.now() + patience;
        }
        switch (key.value()) {
            case '\r':
            case '\n': return &items_[selected_];
            case 0x1b: return kNothingChosen;
            case platform::kKeyUp: move(-1); break;
            case platform::kKeyDown: move(1); break;
            case platform::kKeyPageUp: move(-page); break;
            case platform::kKeyPageDown: move(page); break;
            case platform::kKeyHome: move(-static_cast<int>(Dialog::kMostItems)); break;
            case platform::kKeyEnd: move(static_cast<int>(Dialog::kMostItems)); break;
        }
    }
}

}  // namespace scripts
