// An UNDI that we have loaded from an option ROM (platform::load_undi).
#pragma once

#include <platform/realmode.h>

namespace arch {

// Its API's entry point; null when none is loaded.
platform::FarPointer loaded_undi();

}  // namespace arch
