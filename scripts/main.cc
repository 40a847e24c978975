#include "scripts/main.h"

#include "embed/embed.h"
#include "scripts/autoexec/autoexec.h"
#include "scripts/booting.h"
#include "scripts/handover.h"
#include "scripts/shell.h"
#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

static void print_banner() {
    util::print("%v %v - network boot firmware\n", &embed::kProduct, &embed::kVersion);
}

static void print_interfaces(Network& network) {
    for (auto& nic : network.nics()) {
        const net::LinkIdentity& identity = nic->interface.link().identity();
        auto mac = net::to_text(nic->interface.mac());
        std::string_view name = nic->name(), shown = mac.view();
        util::print("%v: %v %v (%v)\n", &name, &shown, &identity.driver, &identity.chip);
    }
}

static util::Result<void> run_built_in(System& system, std::string_view script) {
    Image* image = TRY(system.images.add_built_in("<built-in script>"sv, script));
    return system.engine.run_script(*image);
}

static util::Result<void> boot_nics(System& system) {
    std::string_view about;
    auto nics = TRY(system.network.select({}, about));
    return auto_boot(system, nics.span());
}

// Ctrl-B is listened for all the while, so nothing waits for it. When a script has been found it is the script's.
static util::Result<void> boot_or_shell(System& system) {
    util::print("Press Ctrl-B for the %v command line...\n", &embed::kProduct);
    system.loop.set_cancel(util::Loop::Cancel::ByCtrlCOrCtrlB);
    auto script = find_autoexec(system);
    auto result = script.ok() ? util::Result<void>() : script.failure();
    if (script.ok() && !script.value()) result = boot_nics(system);
    system.loop.set_cancel(util::Loop::Cancel::ByCtrlC);
    if (script.ok() && script.value()) return system.engine.run_script(*script.value());
    if (system.loop.take_attention()) return run_shell(system);
    return result;
}

util::Result<void> run_main(System& system, std::string_view script) {
    TRY(system.start());
    print_banner();
    print_interfaces(system.network);
    Image* given = TRY(take_first_script(system));
    auto result = given            ? system.engine.run_script(*given)
                  : script.empty() ? boot_or_shell(system)
                                   : run_built_in(system, script);
    system.close_display();
    if (!system.settings.number("keep-san"sv, 0)) system.san.unhook_all();
    for (auto& nic : system.network.nics())
        if (!system.san.uses(nic->interface)) nic->close();
    return result;
}

}  // namespace scripts
