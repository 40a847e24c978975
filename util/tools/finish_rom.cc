// finish_rom FILE: sets the checksums of an option ROM, in place.
#include "util/tools/elf_image.h"
#include "util/tools/option_rom.h"

int main(int argc, char** argv) {
    if (argc != 2) tools::fail("usage: finish_rom FILE");
    auto rom = tools::read_file(argv[1]);
    if (!tools::option_rom::is_rom(rom)) tools::fail("no option ROM");
    if (rom.size() != tools::option_rom::declared_size(rom)) tools::fail("the ROM is larger than an option ROM can be, or has a wrong length");
    tools::option_rom::set_checksums(rom);
    tools::write_file(argv[1], rom);
}
