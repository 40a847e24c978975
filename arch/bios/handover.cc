// What the boot loader that loaded us gave us to run.
#include "arch/stage/handover.h"

#include <platform/boot.h>

#include "arch/bios/machine.h"

namespace arch {

static const LinuxHandover* linux_handover() {
    const Resident& block = resident();
    return block.origin == Origin::LinuxKernel ? physical<const LinuxHandover>(block.handover) : nullptr;
}

}  // namespace arch

namespace platform {

std::string_view boot_command_line() {
    const arch::LinuxHandover* handover = arch::linux_handover();
    return handover ? arch::physical<const char>(handover->command_line) : std::string_view();
}

util::Bytes boot_initrd() {
    const arch::LinuxHandover* handover = arch::linux_handover();
    if (!handover) return {};
    return {arch::physical<const std::byte>(handover->initrd), handover->initrd_size};
}

}  // namespace platform
