// <platform/calling.h>: calling conventions. Host side: all is compiled alike.
#pragma once

#define PLATFORM_SYSTEM_V

namespace platform {

template <class Function>
Function* library(Function* function) {
    return function;
}

template <class Function>
void give(Function*& place, Function* function) {
    place = function;
}

}  // namespace platform
