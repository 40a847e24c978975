// The table of what runs besides all else, from the start on.
#include "embed/select_rows.h"
#include "scripts/https.h"
#include "scripts/syslog.h"

namespace scripts {

namespace {

struct Service {
    std::string_view name;
    util::Result<void> (*start)(System& system);
};

constexpr Service kServices[] = {{"https", start_https}, {"syslog", start_syslog}};

constexpr embed::Belongs kOptional[] = {{"https", "https"}, {"syslog", "syslog"}};
constexpr auto kSelected = embed::select_rows<kServices, kOptional>();

}  // namespace

util::Result<void> start_services(System& system) {
    for (const Service& service : kSelected) TRY(service.start(system));
    return {};
}

}  // namespace scripts
