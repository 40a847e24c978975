// The run is over, from deep within the firmware: where a real machine would have left for another program. Thrown, so that
// destructors run and targets see sessions closed.
#pragma once

namespace run {

enum ExitCode { kWell = 0, kFailed = 1, kWrongUsage = 2, kTimedOut = 124, kInterrupted = 130 };

struct Finished {
    int code;
};

}  // namespace run
