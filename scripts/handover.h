// What a boot loader handed over with the image (.lkrn): an initrd, which is a script or any other image, and a command
// line, which is commands.
#pragma once

#include "util/result.h"

namespace scripts {

class Image;
class System;

// Registers them as the images "initrd" and "cmdline", and returns the script that shall run first: the command line, which
// ends by running an initrd that is a script; or that. nullptr: nothing was handed over that could be run. The initrd stays where it is. Failure: out of memory.
util::Result<Image*> take_handover(System& system);

// The script that somebody gave us to run at start (start_table.cc); nullptr: nobody did. Failure: the giver's.
util::Result<Image*> take_first_script(System& system);

}  // namespace scripts
