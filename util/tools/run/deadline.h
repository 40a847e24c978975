// --timeout: the run ends where it next looks for keys or waits; should that not come, a little later, without destructors.
#pragma once

namespace run {

// 0 seconds: never. Also makes what ends the program otherwise (a panic within a destructor) leave the terminal as it was.
void start_deadline(unsigned seconds);
void stop_deadline();
// Throws Finished{kTimedOut} when time is up.
void check_deadline();

}  // namespace run
