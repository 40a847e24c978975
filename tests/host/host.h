// The host's side of <platform/...>: what tests and host programs use to steer it. Time is virtual unless told
// otherwise; the console is a string unless told otherwise.
#pragma once

#include <platform/console.h>

#include <functional>
#include <string>
#include <string_view>

#include "util/time.h"

namespace host {

// Back to time zero, no keys, empty console output, virtual time. Test fixtures call it first.
void reset();

// Virtual time: now() stands still except here and in platform::idle(until), which jumps to `until`. An idle
// without end (nothing could ever happen) fails the test at once.
void set_time(util::Instant at);
void advance(util::Duration by);
// What the machine's clock chip says at time zero, in seconds since 1970; 0, also after reset(): there is no chip. In real time
// it is the host's clock.
void set_clock_chip(std::int64_t unix_time);

// Real time: now() is the machine's monotonic clock, and idle(until) calls the hook, which waits for sockets until
// something happens or `until` comes.
void use_real_time(std::function<void(util::Instant until)> idle_hook);

// Everything written to the console since reset().
std::string& console_output();
// Also copies console output to stdout, for host programs.
void echo_console_to_stdout();
// How large the console says that it is; kUsualSize after reset(), and while the firmware's own display shows the text, that one's size.
void set_console_size(platform::TextSize size);
// Puts keys into the type-ahead queue.
void type(std::string_view bytes);
void type_key(int key);
// Called before keys are looked for, and told whether one is waited for that has not been typed: it may type.
void use_keyboard(std::function<void(bool is_wanted)> keyboard);

}  // namespace host
