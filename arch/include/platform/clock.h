// <platform/clock.h>: the time, and waiting. The firmware's side; the host's twin is under tests/host/.
#pragma once

#include "util/time.h"

namespace platform {

// Monotonic, starts near zero. From the time stamp counter where there is one, else from PIT channel 2.
util::Instant now();

// Nothing to do until something from outside happens or `until` comes; may return early, and does: the NICs are
// polled, so this never halts. BIOS interrupts that wait get in here.
void idle(util::Instant until);

}  // namespace platform
