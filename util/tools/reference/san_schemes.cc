#include "scripts/san_schemes.cc"
#include "util/tools/reference/print.h"

namespace reference {

void print_san_schemes() {
    print_array(scripts::kSchemes, [](Row& row, const auto& item) {
        row.text("name", item.name);
        row.text("feature", feature_of(scripts::kOptional, item.name));
    });
}

}  // namespace reference
