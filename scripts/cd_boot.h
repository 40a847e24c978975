// Booting from a CD among our drives, as El Torito says.
#pragma once

#include "san/drive.h"

namespace scripts {

class System;

inline constexpr util::Failure kCannotBootCds{util::code::kScript + 130,
                                              "this image was built without the feature cd, so it cannot boot from CDs"};

// Failure: san::find_boot_entry()'s, that there is no room where its program wants to be, platform::kGaveBack.
util::Result<void> boot_el_torito(System& system, san::Drive& cd);

// The same, if this image can (cd_table.cc). Failure: kCannotBootCds besides.
util::Result<void> boot_cd(System& system, san::Drive& cd);

}  // namespace scripts
