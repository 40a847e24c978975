// Booting from a CD among our drives, as El Torito says.
#pragma once

#include "san/drive.h"

namespace scripts {

class System;

// Failure: san::find_boot_entry()'s, that there is no room where its program wants to be, platform::kGaveBack.
util::Result<void> boot_cd(System& system, san::Drive& cd);

}  // namespace scripts
