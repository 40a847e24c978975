#include "scripts/images/format_table.cc"
#include "util/tools/reference/print.h"

namespace reference {

void print_formats() {
    print_array(scripts::kFormats, [](Row& row, const auto& item) {
        row.text("name", item.name);
        row.text("feature", feature_of(scripts::kOptional, item.name));
    });
}

}  // namespace reference
