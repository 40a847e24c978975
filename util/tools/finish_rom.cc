// finish_rom FILE: sets the checksums of an option ROM, in place. The ROM's bytes sum to 0, and so do those of its PnP header.
#include "util/tools/elf_image.h"

namespace {

constexpr std::size_t kSizeAt = 2, kPnpPointerAt = 0x1a, kChecksumAt = 0x1c;
constexpr std::size_t kPnpLengthAt = 5, kPnpChecksumAt = 9;

std::uint8_t sum(const std::vector<std::uint8_t>& rom, std::size_t from, std::size_t size) {
    std::uint8_t total = 0;
    for (std::size_t i = from; i < from + size; ++i) total = static_cast<std::uint8_t>(total + rom.at(i));
    return total;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) tools::fail("usage: finish_rom FILE");
    auto rom = tools::read_file(argv[1]);
    if (rom.size() < 64 || rom[0] != 0x55 || rom[1] != 0xaa) tools::fail("no option ROM");
    if (rom.size() != rom[kSizeAt] * 512u) tools::fail("the ROM is larger than an option ROM can be, or has a wrong length");
    std::size_t pnp = rom[kPnpPointerAt] | rom[kPnpPointerAt + 1] << 8;
    std::uint8_t& pnp_checksum = rom.at(pnp + kPnpChecksumAt);
    pnp_checksum = static_cast<std::uint8_t>(pnp_checksum - sum(rom, pnp, rom.at(pnp + kPnpLengthAt) * 16u));
    rom[kChecksumAt] = static_cast<std::uint8_t>(rom[kChecksumAt] - sum(rom, 0, rom.size()));
    tools::write_file(argv[1], rom);
}
