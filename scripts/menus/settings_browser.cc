#include "scripts/menus/settings_browser.h"

#include <platform/console.h>

#include <algorithm>

#include "scripts/keys.h"

namespace scripts {

static constexpr unsigned kNameColumn = 3, kNameWidth = 30, kValueColumn = kNameColumn + kNameWidth + 1;
// From there to the margin on the right.
static unsigned width_from(const Screen& screen, unsigned column) { return screen.columns() - column - 1; }
static unsigned line_width(const Screen& screen) { return width_from(screen, kNameColumn); }
static constexpr std::string_view kKeys = "Enter: edit or open   Ctrl-D: delete   Ctrl-N: new   Ctrl-X: leave";
static constexpr std::string_view kUnset = "<not specified>";

static bool is_secret(std::string_view name) { return name.ends_with("password"); }

// Settings that are typed in may be anywhere; those of the NIC, the firmware or the machine have one place each.
static bool belongs(const NamedSetting& setting, bool is_root, bool is_interface) {
    if (setting.home == SettingHome::Interface) return is_interface;
    return is_root || setting.home == SettingHome::Any;
}

util::Result<void> SettingsBrowser::list() {
    rows_.clear();
    std::string_view scope = scope_.view();
    if (!scope.empty()) TRY(rows_.push({Row::Kind::Up, "..", nullptr}));
    util::Result<void> pushed;
    settings_.each_scope_below(scope, [&](SettingScope& child) {
        if (pushed.ok()) pushed = rows_.push({Row::Kind::Scope, child.name(), nullptr});
    });
    TRY(pushed);
    SettingScope* here = scope.empty() ? nullptr : settings_.find_scope(scope);
    for (const NamedSetting& setting : named_settings())
        if (belongs(setting, scope.empty(), here && here->is_interface())) TRY(rows_.push({Row::Kind::Setting, setting.name, &setting}));
    for (const auto& entry : (here ? here->stored() : settings_.root()).entries())
        if (!find_named_setting(entry.name.view())) TRY(rows_.push({Row::Kind::Setting, entry.name.view(), nullptr}));
    selected_ = std::min(selected_, rows_.size() - 1);
    return {};
}

util::Result<bool> SettingsBrowser::fetch(const Row& row, SettingValue& value, util::String& text) {
    if (!TRY(settings_.fetch(reference(row), value))) return false;
    TRY(format_setting(value.type, value.bytes.view(), text));
    return true;
}

void SettingsBrowser::draw_row(const Screen& screen, std::size_t at) {
    if (at - first_ >= screen.visible()) return;
    const Row& row = rows_[at];
    Pair pair = at == selected_ ? Pair::Selected : Pair::Normal;
    util::Text<Screen::kMostColumns> line;
    append_shown(line, row.name.substr(0, behind_characters(row.name, 0, kNameWidth)));
    if (row.kind == Row::Kind::Setting) {
        SettingValue value;
        util::String text;
        auto found = fetch(row, value, text);
        bool is_set = found.ok() && found.value();
        line.text(":").text(to_text(value.type)).text(" ");
        while (line.view().size() < kNameWidth) line.character('.');
        line.text(" ");
        if (!is_set) line.text(kUnset);
        else if (is_secret(row.name)) line.text("********");
        else append_shown(line, text.view());
    } else {
        line.text("/");
    }
    screen.line(static_cast<unsigned>(Screen::kFirstRow + at - first_), kNameColumn, line_width(screen), pair, line.view());
}

void SettingsBrowser::draw(const Screen& screen) {
    std::size_t end = first_ + screen.visible();
    for (std::size_t i = first_; i < end; ++i) {
        if (i < rows_.size()) draw_row(screen, i);
        else screen.line(static_cast<unsigned>(Screen::kFirstRow + i - first_), kNameColumn, line_width(screen), Pair::Normal, {});
    }
    screen.draw_ends(first_, end < rows_.size());
    screen.line(screen.rows(), kNameColumn, line_width(screen), Pair::Separator, kKeys);
    say(screen);
}

void SettingsBrowser::say(const Screen& screen) {
    const Row& row = rows_[selected_];
    util::Text<Screen::kMostColumns> line;
    if (row.kind == Row::Kind::Setting) {
        SettingValue value;
        auto found = settings_.fetch(reference(row), value);
        line.text(row.known ? row.known->help : "A setting of your own");
        if (row.known && row.known->home == SettingHome::Any && *row.known->number) line.text(", DHCP option ").text(row.known->number);
        if (found.ok() && found.value() && value.scope.view() != scope_.view()) line.text(", from ").text(value.scope.view());
    } else {
        line.text(row.kind == Row::Kind::Up ? "Back to the scope above" : "Open this scope");
    }
    screen.line(screen.rows() - 1, kNameColumn, line_width(screen), Pair::Normal, line.view());
    said_failure_ = false;
}

void SettingsBrowser::say(const Screen& screen, const util::Failure& failure) {
    screen.line(screen.rows() - 1, kNameColumn, line_width(screen), Pair::Alert, failure.text);
    said_failure_ = true;
}

void SettingsBrowser::go_to(std::string_view scope) {
    util::Text<32> copy;
    copy.text(scope);
    scope_ = copy;
    selected_ = first_ = 0;
}

void SettingsBrowser::move(const Screen& screen, int distance) {
    int last = static_cast<int>(rows_.size()) - 1;
    selected_ = static_cast<std::size_t>(std::clamp(static_cast<int>(selected_) + distance, 0, last));
    first_ = scrolled(first_, selected_, screen.visible());
}

util::Result<bool> SettingsBrowser::type(const Screen& screen, unsigned row, unsigned column, LineBuffer& line) {
    unsigned width = width_from(screen, column);
    for (;;) {
        SeenText seen = line.seen(width);
        util::Text<Screen::kMostColumns> shown;
        append_shown(shown, seen.text);
        screen.line(row, column, width, Pair::Edit, shown.view());
        screen.place_cursor(row, static_cast<unsigned>(column + seen.cursor));
        auto key = wait_for_key(loop_);
        if (!key.ok() || key.value() == 0x1b) return false;
        if (key.value() == '\r' || key.value() == '\n') return true;
        TRY(line.take_key(key.value()));
    }
}

// In place of the value.
util::Result<void> SettingsBrowser::edit(const Screen& screen) {
    const Row& row = rows_[selected_];
    SettingValue value;
    util::String text;
    TRY(fetch(row, value, text));
    LineBuffer line;
    TRY(line.replace(text.view()));
    if (!TRY(type(screen, static_cast<unsigned>(Screen::kFirstRow + selected_ - first_), kValueColumn, line))) return {};
    // As the type that it was shown in.
    SettingReference changed = reference(row);
    changed.type = value.type;
    return settings_.set(changed, line.text());
}

// Where it is said otherwise what the selected line is.
util::Result<void> SettingsBrowser::add(const Screen& screen) {
    constexpr std::string_view kAsked[] = {"Name: ", "Value: "};
    LineBuffer typed[std::size(kAsked)];
    for (unsigned i = 0; i < std::size(kAsked); ++i) {
        screen.line(screen.rows() - 1, kNameColumn, line_width(screen), Pair::Normal, kAsked[i]);
        if (!TRY(type(screen, screen.rows() - 1, static_cast<unsigned>(kNameColumn + kAsked[i].size()), typed[i]))) return {};
    }
    SettingReference added = TRY(SettingReference::parse(typed[0].text()));
    if (added.scope.empty()) added.scope = scope_.view();
    return settings_.set(added, typed[1].text());
}

util::Result<SettingsBrowser::Step> SettingsBrowser::changed(const Screen& screen, util::Result<void> result) {
    TRY(list());
    draw(screen);
    if (!result.ok()) say(screen, result.failure());
    return Step::Stay;
}

util::Result<SettingsBrowser::Step> SettingsBrowser::enter(const Screen& screen, const Row& row) {
    switch (row.kind) {
        case Row::Kind::Up: {
            std::size_t dot = scope_.view().rfind('.');
            go_to(dot == std::string_view::npos ? std::string_view() : scope_.view().substr(0, dot));
            return Step::OtherScope;
        }
        case Row::Kind::Scope: go_to(row.name); return Step::OtherScope;
        case Row::Kind::Setting: break;
    }
    return changed(screen, edit(screen));
}

util::Result<SettingsBrowser::Step> SettingsBrowser::take_key(const Screen& screen, int key) {
    const Row& row = rows_[selected_];
    std::size_t before = selected_, first = first_;
    int page = static_cast<int>(screen.visible()) - 1;
    switch (key) {
        case control('X'):
        case 0x1b: return Step::Leave;
        case '\r':
        case '\n': return enter(screen, row);
        case platform::kKeyUp: move(screen, -1); break;
        case platform::kKeyDown: move(screen, 1); break;
        case platform::kKeyPageUp: move(screen, -page); break;
        case platform::kKeyPageDown: move(screen, page); break;
        case platform::kKeyHome: move(screen, -static_cast<int>(rows_.size())); break;
        case platform::kKeyEnd: move(screen, static_cast<int>(rows_.size())); break;
        case control('D'):
        case platform::kKeyDelete:
            if (row.kind != Row::Kind::Setting) break;
            return changed(screen, settings_.clear(reference(row)));
        case control('N'): return changed(screen, add(screen));
        default: return Step::Stay;
    }
    if (first != first_) {
        draw(screen);
    } else {
        draw_row(screen, before);
        draw_row(screen, selected_);
        if (before != selected_ || said_failure_) say(screen);
    }
    return Step::Stay;
}

util::Result<SettingsBrowser::Step> SettingsBrowser::browse(const Screen& screen) {
    draw(screen);
    for (;;) {
        screen.place_cursor(static_cast<unsigned>(Screen::kFirstRow + selected_ - first_), kNameColumn);
        Step step = TRY(take_key(screen, TRY(wait_for_key(loop_))));
        if (step != Step::Stay) return step;
    }
}

util::Result<void> SettingsBrowser::run() {
    for (;;) {
        TRY(list());
        util::Text<64> title;
        title.text("Settings").text(scope_.view().empty() ? "" : " of ").text(scope_.view());
        Screen screen(palette_, title.view(), {});
        if (TRY(browse(screen)) == Step::Leave) return {};
    }
}

}  // namespace scripts
