// Bootable CDs: the boot catalog ("El Torito" Bootable CD-ROM Format Specification 1.0), found and read.
#pragma once

#include "san/drive.h"

namespace san {

inline constexpr util::Failure kNotBootableCd{util::code::kDisk + 0x30, "the CD is not bootable: it has no El Torito boot record"};
inline constexpr util::Failure kNoBiosEntry{util::code::kDisk + 0x31, "the CD has no boot entry for a BIOS"};

struct CdBootEntry {
    enum class Media : std::uint8_t { NoEmulation, Floppy1200, Floppy1440, Floppy2880, HardDisk };
    Media media;
    std::uint16_t segment;  // where it is loaded
    std::uint16_t sectors;  // of 512 bytes, to load
    std::uint32_t lba;      // block of 2048 bytes, where the program or the image of a disk begins
};

// The first entry for x86 BIOSes. Precondition: blocks of 2048 bytes. Failure: those above, or of reading.
util::Result<CdBootEntry> find_boot_entry(Drive& cd);

// How large the image of an emulated disk is, in blocks of 512 bytes: as the kind of diskette is, or as a hard disk's own partition
// table says, but not beyond the CD's end. Failure: of reading.
util::Result<std::uint64_t> emulated_blocks(Drive& cd, const CdBootEntry& entry);

}  // namespace san
