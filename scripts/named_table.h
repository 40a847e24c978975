// Things that scripts make and call by name: menus, lists of parameters. T has a `name`; the empty name is for the one that
// needs none.
#pragma once

#include <string_view>

#include "util/vector.h"

namespace scripts {

template <class T>
class NamedTable {
  public:
    // A new one, in place of another of that name. Failure: out of memory.
    util::Result<T*> create(std::string_view name) {
        auto made = TRY(util::make_owned<T>());
        TRY(made->name.assign(name));
        remove(name);
        T* item = made.get();
        TRY(items_.push(std::move(made)));
        return item;
    }
    // nullptr: there is none.
    T* find(std::string_view name) {
        std::size_t at = index_of(name);
        return at < items_.size() ? items_[at].get() : nullptr;
    }
    std::span<util::Owned<T>> all() { return items_.span(); }
    void remove(std::string_view name) {
        std::size_t at = index_of(name);
        if (at < items_.size()) items_.erase(at);
    }

  private:
    std::size_t index_of(std::string_view name) const {
        std::size_t at = 0;
        while (at < items_.size() && items_[at]->name.view() != name) ++at;
        return at;
    }
    util::Vector<util::Owned<T>> items_;
};

}  // namespace scripts
