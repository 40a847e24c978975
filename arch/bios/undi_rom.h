// An UNDI that we have loaded from an option ROM (platform::load_undi).
#pragma once

#include <platform/realmode.h>

namespace arch {

// Its API's entry point; null when none is loaded.
platform::FarPointer loaded_undi();

// Stops it and gives its base memory back, unless it does not let go of its interrupts. Nobody may call it any more. Null when none is loaded,
// and where none can be that costs nothing.
using UndiUnloader = void();
extern UndiUnloader* unload_undi;

}  // namespace arch
