// The settings browser ("config"): walks through the scopes, shows values with their types, edits and deletes them.
#pragma once

#include "scripts/line_buffer.h"
#include "scripts/menus/screen.h"
#include "scripts/settings/settings.h"
#include "util/loop.h"

namespace scripts {

class SettingsBrowser {
  public:
    // The scope by its full name; "" is the root.
    SettingsBrowser(util::Loop& loop, Settings& settings, const Palette& palette, std::string_view scope)
        : loop_(loop), settings_(settings), palette_(palette) {
        scope_.text(scope);
    }
    SettingsBrowser(const SettingsBrowser&) = delete;

    // Until Ctrl-X or Escape. Failure: kCancelled on Ctrl-C, out of memory.
    util::Result<void> run();

  private:
    // A line: the way up, a scope, or a setting.
    struct Row {
        enum class Kind : std::uint8_t { Up, Scope, Setting } kind;
        std::string_view name;
        const NamedSetting* known = nullptr;
    };
    enum class Step : std::uint8_t { Stay, OtherScope, Leave };

    util::Result<void> list();
    util::Result<Step> browse(const Screen& screen);
    util::Result<Step> take_key(const Screen& screen, int key);
    util::Result<Step> enter(const Screen& screen, const Row& row);
    // Lets a line be typed at a place. False on Escape and Ctrl-C.
    util::Result<bool> type(const Screen& screen, unsigned row, unsigned column, LineBuffer& line);
    util::Result<void> edit(const Screen& screen);
    util::Result<void> add(const Screen& screen);
    // Shows what is there after a change, or why there was none.
    util::Result<Step> changed(const Screen& screen, util::Result<void> result);
    void go_to(std::string_view scope);
    void move(const Screen& screen, int distance);
    void draw_row(const Screen& screen, std::size_t at);
    void draw(const Screen& screen);
    // What happened, or what the selected line is.
    void say(const Screen& screen);
    void say(const Screen& screen, const util::Failure& failure);
    SettingReference reference(const Row& row) const { return {scope_.view(), row.name, row.known, {}}; }
    util::Result<bool> fetch(const Row& row, SettingValue& value, util::String& text);

    util::Loop& loop_;
    Settings& settings_;
    const Palette& palette_;
    util::Text<32> scope_;
    util::Vector<Row> rows_;
    std::size_t selected_ = 0, first_ = 0;
    bool said_failure_ = false;
};

}  // namespace scripts
