// The table of who may give us a script to run at start, in place of the built-in one.
#include "embed/select_rows.h"
#include "scripts/handover.h"

namespace scripts {

namespace {

struct Giver {
    std::string_view name;
    util::Result<Image*> (*take)(System& system);
};

constexpr Giver kGivers[] = {{"boot loader", take_handover}};

constexpr embed::Belongs kOptional[] = {{"boot loader", "loader"}};
constexpr auto kSelected = embed::select_rows<kGivers, kOptional>();

}  // namespace

util::Result<Image*> take_first_script(System& system) {
    for (const Giver& giver : kSelected)
        if (Image* image = TRY(giver.take(system))) return image;
    return nullptr;
}

}  // namespace scripts
