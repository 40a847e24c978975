#include "util/loop.h"

#include <platform/clock.h>
#include <platform/console.h>

#include <algorithm>

namespace util {

// Even when frames keep coming, BIOS interrupts (tick, keyboard) get in this often: half a tick.
static constexpr Duration kBreath = Duration::milliseconds(20);

Instant Loop::now() const { return platform::now(); }

bool Loop::poll_once() {
    Instant at = now();
    bool progress = false;
    for (Poller& poller : pollers_) progress |= poller.poll(at);
    return progress;
}

bool Loop::cancelled() {
    if (cancel_ == Cancel::Never) return false;
    if (cancel_ == Cancel::AtOnce) return true;
    if (platform::console_take_key(platform::kCtrlC)) return true;
    if (cancel_ != Cancel::ByCtrlCOrCtrlB || !platform::console_take_key(platform::kCtrlB)) return false;
    return attention_ = true;
}

Result<void> Loop::step_towards(Instant deadline) {
    bool progress = poll_once();
    Instant at = now();
    if (progress && at < next_breath_) return {};  // the caller looks whether it is done
    next_breath_ = at + kBreath;
    if (cancelled()) return kCancelled;
    if (progress) {
        platform::idle(at);
        return {};
    }
    if (at >= deadline) return kTimedOut;
    Instant wake = deadline;
    for (Poller& poller : pollers_) wake = std::min(wake, poller.poll_at());
    platform::idle(wake);
    return {};
}

}  // namespace util
