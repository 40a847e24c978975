// A menu on the screen: arrows, paging, shortcut keys, a countdown.
#pragma once

#include <optional>

#include "scripts/menus/dialog.h"
#include "scripts/menus/screen.h"
#include "util/loop.h"

namespace scripts {

inline constexpr util::Failure kNothingChosen{util::code::kScript + 102, "nothing was chosen"};
inline constexpr util::Failure kNothingToChoose{util::code::kScript + 103, "the menu has no item that can be chosen"};

class MenuScreen {
  public:
    // After it has passed the item that is selected then is chosen. Zero: never.
    struct Countdown {
        enum class AfterKey : std::uint8_t { GoesOn, StartsAgain };
        util::Duration time;
        AfterKey after_key = AfterKey::StartsAgain;
        util::Duration again;  // the time then
    };

    MenuScreen(util::Loop& loop, const Screen& screen, const Dialog& menu)
        : loop_(loop), screen_(screen), items_(menu.items.span()) {}
    MenuScreen(const MenuScreen&) = delete;

    // The default is chosen from by name; without one the item that is marked so, or the first. Failure: kNothingChosen on Escape,
    // kCancelled on Ctrl-C, kNothingToChoose.
    util::Result<const DialogItem*> choose(std::string_view default_name, Countdown countdown);

  private:
    std::optional<std::size_t> find_default(std::string_view name) const;
    const DialogItem* find_key(int key) const;
    // Selects the next item that is none of the gaps, at least `distance` away if there is one.
    void move(int distance);
    void select(std::size_t item);
    void scroll();  // to where the selected one is seen
    void draw() const;
    void draw_item(std::size_t item) const;
    util::Result<const DialogItem*> wait(Countdown countdown);

    util::Loop& loop_;
    const Screen& screen_;
    std::span<const DialogItem> items_;
    std::size_t selected_ = 0;
    std::size_t first_ = 0;      // that is seen
    std::uint32_t seconds_ = 0;  // left, as shown; 0: no countdown
};

}  // namespace scripts
