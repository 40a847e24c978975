// The tables of who may give us a script to run at start: in place of the built-in one, or where there is none.
#include "embed/select_rows.h"
#include "scripts/autoexec/autoexec.h"
#include "scripts/handover.h"

namespace scripts {

namespace {

struct Giver {
    std::string_view name;
    util::Result<Image*> (*take)(System& system);
};

constexpr Giver kGivers[] = {{"boot loader", take_handover}};

// The disk first: it can be read at once.
constexpr Giver kLastGivers[] = {{"boot disk", find_on_boot_disk}, {"boot server", find_beside_program}};

constexpr embed::Belongs kOptional[] = {{"boot loader", "loader"}, {"boot disk", "autoexec"}, {"boot server", "autoexec"}};
constexpr auto kSelected = embed::select_rows<kGivers, kOptional>();
constexpr auto kSelectedLast = embed::select_rows<kLastGivers, kOptional>();

}  // namespace

util::Result<Image*> take_first_script(System& system) {
    for (const Giver& giver : kSelected)
        if (Image* image = TRY(giver.take(system))) return image;
    return nullptr;
}

util::Result<Image*> find_autoexec(System& system) {
    for (const Giver& giver : kSelectedLast)
        if (Image* image = TRY(giver.take(system))) return image;
    return nullptr;
}

}  // namespace scripts
