// Any bytes as the BIOS's space for option ROMs: what is found lies within.
#include "drivers/undi_rom.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    util::Bytes area(reinterpret_cast<const std::byte*>(data), size);
    if (auto rom = drivers::find_undi_rom(area, 0x8086, 0x1209); rom && rom->offset + rom->loader >= size) __builtin_trap();
    return 0;
}
