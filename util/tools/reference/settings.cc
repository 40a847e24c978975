#include "scripts/settings/setting_table.cc"
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

// types.cc
std::string_view type_name(scripts::SettingType type);

void print_settings() {
    print_array(scripts::kSettings, [](Row& row, const scripts::NamedSetting& setting) {
        row.text("name", setting.name);
        row.text("number", setting.number);
        row.text("type", type_name(setting.type));
        row.text("home", home(setting.home));
        row.text("help", setting.help);
        row.text("feature", feature_of(scripts::kOptional, setting.name));
    });
}

}  // namespace reference
