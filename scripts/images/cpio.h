// One file as a piece of an initramfs (Linux "initramfs buffer format", newc): what goes in front of its content.
#pragma once

#include "scripts/images/boot_plan.h"

namespace scripts {

// The arguments of an initrd say what file it shall be: "/path/in/initramfs [mode=<octal>] [mkdir=<n>]". Directories on the
// way are made as well: all of them, or the last n. Empty when there are no arguments: the image is an archive itself.
// Made in the plan. Failure: out of memory.
util::Result<util::Bytes> cpio_headers(std::string_view arguments, std::size_t size, BootPlan& plan);

// What the next member of an initramfs begins at.
inline constexpr std::size_t kCpioAlignment = 4;

}  // namespace scripts
