#include "scripts/system.h"

#include <platform/boot.h>

#include "embed/embed.h"
#include "scripts/syslog.h"

namespace scripts {

System::System(const SystemParts& parts)
    : parts(parts),
      loop(parts.loop),
      settings(this),
      engine(*this),
      network(*this),
      san(*this),
      fetch_context{parts.loop, parts.datagrams, parts.random, network.dns(), {}},
      builtin_(*this),
      smbios_(platform::smbios_table()) {}

util::Result<void> System::start() {
    fetch_context.connector = &parts.connector;
    fetch_context.agent = embed::kUserAgent;
    TRY(network.start());
    settings.add(smbios_);
    settings.add(builtin_);
    return start_services(*this);
}

void System::close_display() {
    display.reset();
    palette.is_over_picture = false;
}

}  // namespace scripts
