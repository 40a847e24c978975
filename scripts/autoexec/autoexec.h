// autoexec.ipxe: a script that people put where the program is that we are, in place of building it in. It is looked for when there is no
// script that is built in.
#pragma once

#include <cstdint>
#include <string_view>

#include "util/result.h"

namespace scripts {

class Image;
class System;

inline constexpr std::string_view kAutoexec = "autoexec.ipxe";
inline constexpr std::uint32_t kLargestAutoexec = 1 << 20;

// In the root directory of a file system of the disk that we were started from: FAT, on all of it or in one of its partitions, or that of a CD.
// nullptr: there is none, or not one that can be read, which is said. Failure: out of memory.
util::Result<Image*> find_on_boot_disk(System& system);

// Beside the program that a PXE stack has loaded: in the same directory of the same TFTP server. It costs a question and an answer. The NIC
// is open then, with the address that the PXE stack had got. nullptr: there is none, or not one that can be fetched, which is said. Failure:
// kCancelled, out of memory.
util::Result<Image*> find_beside_program(System& system);

// Both, where the image has the feature (start_table.cc).
util::Result<Image*> find_autoexec(System& system);

}  // namespace scripts
