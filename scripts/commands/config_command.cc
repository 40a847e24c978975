// config: the settings browser.
#include "scripts/commands/table.h"
#include "scripts/menus/settings_browser.h"
#include "scripts/system.h"

namespace scripts {

util::Result<void> run_config(Invocation& call) {
    System& system = call.system;
    std::string_view scope = call.argument(0);
    call.about(scope);
    if (!scope.empty()) {
        SettingScope* found = system.settings.find_scope(scope);
        if (!found) return kNoSuchScope;
        scope = found->name();
    }
    return SettingsBrowser(system.loop, system.settings, system.palette, scope).run();
}

}  // namespace scripts
