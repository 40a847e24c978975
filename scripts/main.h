// What the firmware does: says who it is, runs the built-in script or boots automatically, and opens the
// shell on Ctrl-B.
#pragma once

#include <string_view>

#include "util/result.h"

namespace scripts {

class System;

// Starts the system and runs it. Returns when there is nothing more to do: the BIOS goes on with its next
// device. What a boot loader handed over is run in place of the built-in script. Drives are left behind only when keep-san is set; else they are unhooked. An empty script means to
// boot automatically.
util::Result<void> run_main(System& system, std::string_view script);

}  // namespace scripts
