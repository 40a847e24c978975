// Menus and forms as scripts make them: a title and items. `menu` and `form` create one, `item` adds to it, `choose` shows
// it as a menu and `present` as a form.
#pragma once

#include <platform/console.h>

#include "scripts/named_table.h"

namespace scripts {

inline constexpr util::Failure kNoSuchDialog{util::code::kScript + 100, "there is no such menu or form"};
inline constexpr util::Failure kTooManyItems{util::code::kScript + 101, "a menu cannot have so many items"};

struct DialogItem {
    util::String name;  // what `choose` answers, or a form's setting; empty: a gap
    util::String text;
    int key = platform::kNoKey;  // chooses it at once
    bool is_default = false;
    bool is_secret = false;

    bool is_gap() const { return name.empty(); }
    std::string_view shown() const { return text.empty() ? name.view() : text.view(); }
};

struct Dialog {
    static constexpr std::size_t kMostItems = 10000;

    util::String name;  // empty for the one that needs none
    util::String title;
    util::Vector<DialogItem> items;

    // Failure: kTooManyItems, out of memory.
    util::Result<void> add(DialogItem item) {
        if (items.size() == kMostItems) return kTooManyItems;
        return items.push(std::move(item));
    }
};

}  // namespace scripts
