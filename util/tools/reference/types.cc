#include "scripts/settings/setting_type.cc"
#include "util/tools/reference/print.h"

namespace reference {

void print_types() {
    print_array(scripts::kTypeNames, [](Row& row, std::string_view type) { row.text("name", type); });
}

}  // namespace reference
