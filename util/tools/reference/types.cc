#include "scripts/settings/type_table.cc"
#include "util/tools/reference/print.h"

namespace reference {

std::string_view type_name(scripts::SettingType type) {
    for (const scripts::SettingTypeRow& row : scripts::kTypes)
        if (row.type == type) return row.name;
    return {};
}

void print_types() {
    print_array(scripts::kTypes, [](Row& row, const scripts::SettingTypeRow& type) {
        row.text("name", type.name);
        row.text("feature", feature_of(scripts::kOptional, type.name));
    });
}

}  // namespace reference
