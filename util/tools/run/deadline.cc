#include "util/tools/run/deadline.h"

#include <signal.h>
#include <unistd.h>

#include <exception>

#include "util/tools/run/finished.h"
#include "util/tools/run/keyboard.h"

namespace run {

namespace {

volatile sig_atomic_t time_is_up = 0;

void end_at_once(int code) {
    Keyboard::restore_terminal();
    _exit(code);
}

void on_alarm(int) {
    constexpr unsigned kGrace = 2;  // seconds
    if (time_is_up) end_at_once(kTimedOut);
    time_is_up = 1;
    alarm(kGrace);
}

}  // namespace

void start_deadline(unsigned seconds) {
    signal(SIGALRM, on_alarm);
    std::set_terminate([] { end_at_once(time_is_up ? kTimedOut : kFailed); });
    alarm(seconds);
}

void stop_deadline() {
    time_is_up = 0;
    alarm(0);
}

void check_deadline() {
    if (time_is_up && !std::uncaught_exceptions()) throw Finished{kTimedOut};
}

}  // namespace run
