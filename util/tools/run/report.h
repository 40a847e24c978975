// What would be started, in words.
#pragma once

#include <cstdint>

namespace scripts {
class System;
struct BootPlan;
}  // namespace scripts

namespace run {

// A kernel or another program; a CD's boot program, when no image was started.
void report_boot(scripts::System& system, const scripts::BootPlan& plan);
// The boot sector of a drive.
void report_drive(scripts::System& system, std::uint8_t number);
// Drives that stay for the next boot device.
void report_left_drives(scripts::System& system);

}  // namespace run
