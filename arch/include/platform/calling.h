// <platform/calling.h>: calling conventions. Firmware side: everything of ours is compiled with -mregparm=3 -mrtd, which
// takes 3% off a packed image; assembly and libraries call and are called as the System V i386 ABI says.
#pragma once

// Declares a function (or a pointer to one) that assembly or a library calls.
#define PLATFORM_SYSTEM_V __attribute__((cdecl, regparm(0)))

namespace platform {

// A library's function, whose header does not name its convention, as it is really called.
template <class Return, class... Arguments>
auto library(Return (*function)(Arguments...)) {
    using SystemV = PLATFORM_SYSTEM_V Return(Arguments...);
    return reinterpret_cast<SystemV*>(function);
}

// The other way round: what a library's header declares as it would be called by us gets a function that is called as it really is.
template <class Declared, class Function>
void give(Declared*& place, Function* function) {
    place = reinterpret_cast<Declared*>(function);
}

}  // namespace platform
