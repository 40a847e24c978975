#include "scripts/settings/scope_table.cc"
#include "util/tools/reference/print.h"

namespace reference {

void print_scopes() {
    print_array(scripts::kScopes, [](Row& row, const scripts::ScopeRow& scope) {
        row.text("name", scope.name);
        row.text("help", scope.help);
        row.text("feature", feature_of(scripts::kOptional, scope.name));
    });
}

}  // namespace reference
