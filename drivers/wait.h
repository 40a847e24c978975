// Waiting for hardware: milliseconds, at opening and closing only.
#pragma once

#include "util/loop.h"

namespace drivers {

// False when the condition has not come true in time. It is asked at least twice, so that a machine that was
// held up for longer than the timeout does not blame the device.
template <class Condition>
bool wait_until(Condition condition, util::Duration timeout) {
    util::Loop loop;
    loop.set_cancel(util::Loop::Cancel::Never);
    return loop.run_until(condition, loop.now() + timeout).ok() || condition();
}

inline void wait(util::Duration duration) {
    (void)wait_until([] { return false; }, duration);
}

}  // namespace drivers
