// Restarting the machine.
#include <platform/boot.h>
#include <platform/io.h>

#include "arch/bios/machine.h"

namespace platform {

void reboot() {
    constexpr std::uint16_t kResetControl = 0xcf9, kKeyboard = 0x64;
    constexpr std::uint8_t kFullReset = 0x06, kPulseReset = 0xfe;
    arch::bda::reset_flag() = 0x1234;  // warm: no memory test
    out8(kKeyboard, kPulseReset);
    for (unsigned i = 0; i < 100000; ++i) (void)in8(kKeyboard);
    out8(kResetControl, kFullReset);
    for (;;) asm volatile("hlt");
}

}  // namespace platform
