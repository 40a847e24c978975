#include "net/fetch/schemes.cc"
#include "util/tools/reference/print.h"

namespace reference {

void print_schemes() {
    print_array(net::kSchemes, [](Row& row, const auto& item) {
        row.text("name", item.name);
        row.text("feature", feature_of(net::kOptional, item.name));
    });
}

}  // namespace reference
