// The shell: a prompt, a line editor with history and completion, and the engine behind it.
#pragma once

#include "util/result.h"

namespace scripts {

class System;

// Reads and runs lines until "exit" or Ctrl-D; the result is exit's status.
util::Result<void> run_shell(System& system);

}  // namespace scripts
