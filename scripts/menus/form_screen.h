// A form on the screen: a field for each item, edited in place.
#pragma once

#include <optional>

#include "scripts/line_buffer.h"
#include "scripts/menus/dialog.h"
#include "scripts/menus/screen.h"
#include "util/loop.h"

namespace scripts {

inline constexpr util::Failure kNoFields{util::code::kScript + 105, "the form has no fields"};
inline constexpr util::Failure kFormLeft{util::code::kScript + 104, "the form was left without an answer"};

class FormScreen {
  public:
    FormScreen(util::Loop& loop, const Screen& screen) : loop_(loop), screen_(screen) {}
    FormScreen(const FormScreen&) = delete;

    // One for each item of the form, in their order; gaps have no value. Failure: out of memory.
    util::Result<void> add_field(const DialogItem& item, std::string_view value);
    // Until Enter in the last field. Failure: kNoFields, kFormLeft on Escape, kCancelled on Ctrl-C, out of memory.
    util::Result<void> edit();
    std::string_view value(std::size_t field) const { return fields_[field].line.text(); }

  private:
    struct Field {
        const DialogItem* item = nullptr;
        LineBuffer line;
    };
    std::size_t visible() const;
    // The next field from there on in that direction that is none of the gaps; the first one again behind the last.
    std::size_t next(std::size_t field, std::size_t step) const;
    std::optional<std::size_t> find_key(int key) const;
    void select(std::size_t field);
    void draw() const;
    void draw_field(std::size_t field) const;
    unsigned row_of(std::size_t field) const;
    void place_cursor() const;

    util::Loop& loop_;
    const Screen& screen_;
    util::Vector<Field> fields_;
    std::size_t selected_ = 0;
    std::size_t first_ = 0;  // that is seen
};

}  // namespace scripts
