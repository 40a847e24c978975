// pxebs: finding a PXE boot server from a script.
#include "scripts/commands/table.h"
#include "scripts/pxe.h"
#include "scripts/system.h"

namespace scripts {

util::Result<void> run_pxebs(Invocation& call) {
    call.about(call.arguments[0]);
    Nic* nic = call.system.network.find(call.arguments[0]);
    if (!nic) return kNoSuchInterface;
    auto type = util::parse_integer(call.arguments[1]);
    if (!type || *type > 0xffff) {
        call.about(call.arguments[1]);
        return kBadOptionValue;
    }
    return find_boot_server(call.system, *nic, static_cast<std::uint16_t>(*type));
}

}  // namespace scripts
