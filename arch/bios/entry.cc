// Where C++ begins: real-mode code calls image_main() for one of a few reasons.
#include "arch/bios/entry.h"

#include <platform/calling.h>

#include "arch/bios/machine.h"

namespace arch {

// Real-mode code's kImageMain, kImageInt13 and kImageFarCall (mode_switch.inc).
enum class Reason : std::uint32_t { Main = 0, Int13 = 1, FarCall = 2 };

static constinit FarCallHandler far_call_handler = nullptr;

void set_far_call_handler(FarCallHandler handler) { far_call_handler = handler; }

extern "C" PLATFORM_SYSTEM_V [[gnu::used, gnu::no_stack_protector]] void image_main(Resident* block, Reason reason) {
    if (reason == Reason::Int13) return handle_int13(*block);
    if (reason == Reason::FarCall) return far_call_handler(*block);
    // Before anything runs that is compiled with the stack protector. No boot looks like another from here.
    block->canary = (bda::ticks() + pit_counter()) * 2654435761u ^ block->memory_base;
    block->leave_sp16 = block->sp16;
    set_resident(*block);
    main();
    leave();
}

void leave() {
    run_real_routine(resident().entries.leave);
    __builtin_unreachable();
}

}  // namespace arch
