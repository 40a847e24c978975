// The table of ways to boot from a CD: one, or none where an image is without the feature.
#include "embed/select_rows.h"
#include "scripts/cd_boot.h"

namespace scripts {

namespace {

struct Way {
    std::string_view name;
    util::Result<void> (*boot)(System& system, san::Drive& cd);
};

constexpr Way kWays[] = {{"El Torito", boot_el_torito}};
constexpr embed::Belongs kOptional[] = {{"El Torito", "cd"}};
constexpr auto kSelected = embed::select_rows<kWays, kOptional>();

}  // namespace

util::Result<void> boot_cd(System& system, san::Drive& cd) {
    for (const Way& way : kSelected) return way.boot(system, cd);
    return kCannotBootCds;
}

}  // namespace scripts
