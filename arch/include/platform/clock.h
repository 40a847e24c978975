// <platform/clock.h>: the time, and waiting. The firmware's side; the host's twin is under tests/host/.
#pragma once

#include "util/time.h"

namespace platform {

// Monotonic, starts near zero. From the time stamp counter where there is one, else from PIT channel 2.
util::Instant now();

// The time of day by the machine's own clock, in seconds since 1970; 0 when it has none. Asked for by util::WallClock alone,
// which knows corrections.
std::int64_t clock_chip_time();

// Nothing to do until something from outside happens or `until` comes; may return early, and does: the NICs are
// polled, so this never halts. BIOS interrupts that wait get in here.
void idle(util::Instant until);

}  // namespace platform
