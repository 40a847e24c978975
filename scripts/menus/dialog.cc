#include "scripts/menus/dialog.h"

namespace scripts {

std::size_t DialogTable::index_of(std::string_view name) const {
    std::size_t at = 0;
    while (at < dialogs_.size() && dialogs_[at]->name.view() != name) ++at;
    return at;
}

void DialogTable::remove(std::string_view name) {
    std::size_t at = index_of(name);
    if (at < dialogs_.size()) dialogs_.erase(at);
}

util::Result<Dialog*> DialogTable::create(std::string_view name, std::string_view title) {
    auto dialog = TRY(util::make_owned<Dialog>());
    TRY(dialog->name.assign(name));
    TRY(dialog->title.assign(title));
    remove(name);
    Dialog* made = dialog.get();
    TRY(dialogs_.push(std::move(dialog)));
    return made;
}

util::Result<Dialog*> DialogTable::find(std::string_view name) {
    std::size_t at = index_of(name);
    if (at == dialogs_.size()) return kNoSuchDialog;
    return dialogs_[at].get();
}

}  // namespace scripts
