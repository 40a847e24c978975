// Restarting the machine and switching it off.
#include <platform/boot.h>
#include <platform/clock.h>
#include <platform/io.h>

#include "arch/bios/acpi.h"
#include "arch/bios/cpu.h"
#include "arch/bios/machine.h"

namespace arch {
namespace {

void wait(util::Duration time) {
    util::Instant end = platform::now() + time;
    while (platform::now() < end) platform::idle(end);
}

// ACPI specification 6.5 section 16.1: sleep type and enable bit into the PM1 control registers.
void acpi_power_off() {
    constexpr std::uint16_t kSleepEnable = 1 << 13, kSciEnable = 1 << 0;
    constexpr unsigned kSleepTypeShift = 10;
    auto sleep = acpi_soft_off();
    if (!sleep) return;
    if (sleep->smi_command && sleep->acpi_enable && !(platform::in16(sleep->pm1a_control) & kSciEnable)) {
        platform::out8(sleep->smi_command, sleep->acpi_enable);
        wait(util::Duration::milliseconds(100));
    }
    auto command = [](std::uint16_t port, unsigned type) {
        platform::out16(port, static_cast<std::uint16_t>(type << kSleepTypeShift | kSleepEnable));
    };
    command(sleep->pm1a_control, sleep->type_a);
    if (sleep->pm1b_control) command(sleep->pm1b_control, sleep->type_b);
}

// Advanced Power Management 1.2, real-mode interface.
void apm_power_off() {
    auto apm = [](std::uint8_t function, std::uint16_t bx, std::uint16_t cx) {
        RealRegisters registers{};
        registers.eax = 0x5300u | function;
        registers.ebx = bx;
        registers.ecx = cx;
        bios_interrupt(0x15, registers);
        return !carry(registers);
    };
    constexpr std::uint16_t kBios = 0, kAllDevices = 1, kOff = 3;
    if (!apm(0x00, kBios, 0)) return;
    apm(0x01, kBios, 0);           // connect
    apm(0x0e, kBios, 0x0102);      // as a driver of version 1.2
    apm(0x08, kAllDevices, 1);     // enable
    apm(0x07, kAllDevices, kOff);  // set power state
}

}  // namespace
}  // namespace arch

namespace platform {

void reboot(Reset reset) {
    constexpr std::uint16_t kResetControl = 0xcf9, kKeyboard = 0x64;
    constexpr std::uint8_t kFullReset = 0x06, kPulseReset = 0xfe;
    constexpr std::uint16_t kNoMemoryTest = 0x1234;
    arch::bda::reset_flag() = reset == Reset::Warm ? kNoMemoryTest : std::uint16_t{0};
    out8(kKeyboard, kPulseReset);
    arch::wait(util::Duration::milliseconds(100));
    out8(kResetControl, kFullReset);
    for (;;) asm volatile("hlt");
}

util::Result<void> power_off() {
    arch::acpi_power_off();
    arch::wait(util::Duration::milliseconds(500));
    arch::apm_power_off();
    arch::wait(util::Duration::milliseconds(500));
    return util::kUnsupported;
}

bool cpu_supports(bool extended, unsigned bit) {
    auto features = arch::cpuid(extended ? 0x80000001 : 1);
    return (bit < 32 ? features.edx : features.ecx) >> bit % 32 & 1;
}

}  // namespace platform
