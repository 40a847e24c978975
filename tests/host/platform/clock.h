// <platform/clock.h>: the time, and waiting. Host side; the firmware's twin is under arch/.
#pragma once

#include "util/time.h"

namespace platform {

// Monotonic, starts near zero.
util::Instant now();

// Nothing to do until something from outside happens or `until` comes; may return early. The firmware lets BIOS
// interrupts run here; the host waits for sockets, or moves virtual time on.
void idle(util::Instant until);

}  // namespace platform
