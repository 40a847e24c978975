#include "scripts/system.h"

#include <platform/boot.h>

namespace scripts {

System::System(const SystemParts& parts)
    : parts(parts),
      loop(parts.loop),
      engine(*this),
      network(*this),
      san(*this),
      fetch_context{parts.loop, parts.datagrams, parts.random, network.dns(), {}},
      builtin_(engine),
      smbios_(platform::smbios_table()),
      pci_(parts.read_pci) {}

util::Result<void> System::start() {
    TRY(network.start(parts.stack, parts.random));
    settings.add(smbios_);
    settings.add(pci_);
    settings.add(builtin_);
    return {};
}

}  // namespace scripts
