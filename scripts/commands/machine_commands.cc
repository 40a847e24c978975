// autoboot, cpuid, reboot, poweroff: the commands about the machine.
#include <platform/boot.h>

#include "scripts/booting.h"
#include "scripts/commands/table.h"
#include "scripts/system.h"

namespace scripts {

constexpr util::Failure kNoSetup{util::code::kScript + 163, "for UEFI only"};
inline constexpr util::Failure kNoFeature{util::code::kScript + 60, "the processor does not have it"};

util::Result<void> run_autoboot(Invocation& call) {
    std::string_view about;
    auto nics = call.system.network.select(call.arguments, about);
    call.about(about);
    if (!nics.ok()) return nics.failure();
    return auto_boot(call.system, nics.value().span());
}

util::Result<void> run_cpuid(Invocation& call) {
    call.about(call.arguments[0]);
    auto bit = util::parse_integer(call.arguments[0]);
    if (!bit || *bit > 31) return kBadOptionValue;
    constexpr unsigned kEcx = 32;
    if (!platform::cpu_supports(call.has("ext"), static_cast<unsigned>(*bit) + (call.has("ecx") ? kEcx : 0))) return kNoFeature;
    return {};
}

// Both leave for good: the target should know that we are gone.
util::Result<void> run_reboot(Invocation& call) {
    if (call.has("setup")) return kNoSetup;
    call.system.san.unhook_all();
    platform::reboot(call.has("warm") ? platform::Reset::Warm : platform::Reset::Cold);
}

util::Result<void> run_poweroff(Invocation& call) {
    call.system.san.unhook_all();
    return platform::power_off();
}

}  // namespace scripts
