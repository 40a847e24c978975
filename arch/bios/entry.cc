// Where C++ begins: real-mode code calls image_main() for one of a few reasons.
#include "arch/bios/entry.h"

#include "arch/bios/machine.h"

namespace arch {

// Real-mode code's kImageMain and kImageInt13 (mode_switch.inc).
enum class Reason : std::uint32_t { Main = 0, Int13 = 1 };

// Once, before anything that is compiled with the stack protector returns.
[[gnu::noinline]] static void run_main(Resident& block) {
    block.canary ^= bda::ticks() * 2654435761u;  // until random.cc has better
    set_resident(block);
    main();
}

extern "C" [[gnu::used, gnu::no_stack_protector]] void image_main(Resident* block, Reason reason) {
    if (reason == Reason::Main) {
        run_main(*block);
    } else {
        handle_int13(block->int13);
    }
}

}  // namespace arch
