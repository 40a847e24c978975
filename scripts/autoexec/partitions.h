// Where the partitions of a disk begin: the table of the master boot record, extended partitions, whose logical ones are a chain, and the GUID
// partition table (UEFI Specification 2.10, section 5.3). Nothing on the disk is believed: each chain ends.
#pragma once

#include "scripts/autoexec/disk_blocks.h"
#include "util/vector.h"

namespace scripts {

// The first block of each, in the order of the tables: primary ones, logical ones, those of the GUID partition table. What cannot be read, or
// makes no sense, has none. Failure: out of memory.
util::Result<util::Vector<std::uint32_t>> find_partitions(DiskBlocks& disk);

}  // namespace scripts
