#include "scripts/settings/setting_table.h"

#include "util/tools/reference/print.h"

namespace reference {

static std::string_view home(scripts::SettingHome home) {
    switch (home) {
        case scripts::SettingHome::Any: return "any";
        case scripts::SettingHome::Interface: return "interface";
        case scripts::SettingHome::Smbios: return "smbios";
        case scripts::SettingHome::Builtin: return "builtin";
    }
    return {};
}

void print_settings() {
    print_array(scripts::named_settings(), [](Row& row, const scripts::NamedSetting& setting) {
        row.text("name", setting.name);
        row.text("number", setting.number);
        row.text("type", scripts::to_text(setting.type));
        row.text("home", home(setting.home));
        row.text("help", setting.help);
    });
}

}  // namespace reference
