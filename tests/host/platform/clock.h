// <platform/clock.h>: the time, and waiting. Host side; the firmware's twin is under arch/.
#pragma once

#include "util/time.h"

namespace platform {

// Monotonic, starts near zero.
util::Instant now();

// The time of day by the machine's own clock, in seconds since 1970; 0 when it has none. Asked for by util::WallClock alone,
// which knows corrections.
std::int64_t clock_chip_time();

// Nothing to do until something from outside happens or `until` comes; may return early. The firmware lets BIOS
// interrupts run here; the host waits for sockets, or moves virtual time on.
void idle(util::Instant until);

}  // namespace platform
