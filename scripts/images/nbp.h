// Starting a network boot program: with a PXE API over the interface that was used last, while our own network goes on.
#pragma once

#include "scripts/images/format.h"

namespace scripts {

inline constexpr util::Failure kProgramFailed{util::code::kScript + 70, "the boot program has ended with an error"};

// Returns when the program has: with success when its status says so. Failure: kProgramFailed, the machine's, out of memory.
util::Result<void> start_nbp(System& system, Image& image, const ImageFormat& format);

}  // namespace scripts
